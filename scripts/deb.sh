#!/bin/bash
# usage: [SRC=DIR] scripts/deb.sh     (make deb)
#
# Builds the Debian packages wq-compat-dkms and wq-compat-dev from the files of this tree (or of
# SRC) that git does not ignore, checks them with lintian, and prints their paths. DEBFULLNAME
# and DEBEMAIL set their maintainer.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
timed deb
"$TOP/scripts/deps.sh" deb || exit 1
src=$(cd "${SRC:-$TOP}" && pwd)
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$src/debian/changelog")
dir=$CACHE/deb/$version
log=$CACHE/deb/$version.log
lock deb
rm -rf "$dir"
mkdir -p "$dir/wq-compat-$version"
copy_tree "$src" "$dir/wq-compat-$version"
cd "$dir/wq-compat-$version"
if [ -n "${DEBEMAIL:-}" ]; then
	who="${DEBFULLNAME:?must be set, with DEBEMAIL} <$DEBEMAIL>"
	sed -i -e "s|^Maintainer: .*|Maintainer: $who|" -e "0,/^ -- /s|^ -- .*>| -- $who|" \
		debian/control debian/changelog
fi
progress "building packages" "$log" dpkg-buildpackage -us -uc -b ||
	die_of "$log" "the packages were not built"
# lintian refuses to run as root unless told to.
progress "lintian" "$dir/lintian" lintian --allow-root --fail-on error,warning "$dir"/*.changes ||
	die_of "$dir/lintian" "lintian has complaints"
cat "$dir/lintian"
printf '%s\n' "$dir"/*.deb
