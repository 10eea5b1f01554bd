#!/bin/bash
# usage: scripts/dist.sh     (make dist)
#
# Writes wq_compat-VERSION.tar.gz with the files of the last commit to the cache, and prints its
# path. DKMS builds the modules from it: docs/install.md. The same commit gives the same bytes: order
# and owners are those of git archive, times are the commit's, and modes do not depend on umask.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
cd "$TOP"
command -v git >/dev/null || die "git is not installed"
[ -e .git ] || die "this tree is no git checkout, and a tarball has the files of a commit"
git diff --quiet HEAD -- || die "files differ from the last commit: commit them first, or git stash them"
name=wq_compat-$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
out=$CACHE/dist/$name.tar.gz
mkdir -p "$CACHE/dist"
lock dist
undo "rm -f '$out.new'"
git -c tar.umask=0022 -c core.autocrlf=false archive --format=tar --prefix="$name/" HEAD |
	gzip -n -9 >"$out.new" || die "no tarball was made"
mv "$out.new" "$out"
echo "$out"
