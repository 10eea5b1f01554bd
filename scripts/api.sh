#!/bin/bash
# usage: scripts/api.sh [--check]
#
# Writes docs/api.md from the kernel-doc of the public functions and macros, with the kernel's
# own scripts/kernel-doc (of KSRC=, or Debian's linux-source-6.12); with --check it only
# compares, which is quick unless a source has changed. Exit status: see generated.py.

. "$(dirname "$0")/lib.sh"

cd "$TOP"
case $* in "" | --check) ;; *) usage ;; esac
src=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}
mapfile -t files < <(tree_files '*.c' '*.h' | grep -v -E '^(tests|samples|scripts)/' | sort)

sum=$(sha256sum "${files[@]}" docs/api.md scripts/{api.sh,api.py,generated.py} "$src/scripts/kernel-doc" \
	2>/dev/null | sha256sum) || :
[ -z "$*" ] || ! grep -q -s -x "$sum" "$CACHE/api" || exit 0
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"

# The name of each file precedes its text, because its folder determines the module. kernel-doc
# takes "%lx" and "&name" for markup: both characters are replaced for it, and api.py restores them.
for f in "${files[@]}"; do
	grep -q '^/\*\*$' "$f" || continue
	printf '.. file:: %s\n' "$f"
	tr '%&' '\001\002' <"$f" >"$tmp/${f##*/}"
	perl "$src/scripts/kernel-doc" -rst -sphinx-version 3.0.0 "$tmp/${f##*/}" 2>/dev/null || exit 3
done | "$PYTHON" "$TOP/scripts/api.py" "$@"
[ -z "$*" ] || echo "$sum" >>"$CACHE/api"
