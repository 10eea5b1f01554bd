#!/bin/bash
# usage: [OUT=DIR] scripts/htmldocs.sh     (make htmldocs, a part of make check-all)
#
# Writes README.md, CHANGELOG.md and all of docs/ as HTML to OUT (default: html in the cache), by
# Sphinx. docs/api.md is from the kernel-doc of the sources; docs/abi/ becomes a page by the kernel's
# scripts/get_abi.pl. A warning is an error. Prints "ok htmldocs: NAME (the first page's path)" or "not
# ok htmldocs: NAME"; exit status.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
timed htmldocs
"$TOP/scripts/deps.sh" htmldocs || exit 1
out=$(realpath -m "${OUT:-$CACHE/html}")
src=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}
tmp=$(mktemp -d)
undo "rm -rf '$tmp' '$out.new'"

# The first pages of readers are first; no page can be missing: Sphinx warns of one in no list.
cd "$TOP"
mkdir -p "$tmp/docs"
cp README.md CHANGELOG.md dkms.conf docs/conf.py "$tmp"
cp -r docs/*.md docs/img "$tmp/docs"
printf '%s\n' "$(head -n 1 README.md | cut -c 3-)" ====================================================== \
	'' '.. toctree::' '   :maxdepth: 1' '' >"$tmp/index.rst"
printf '   %s\n' README docs/{install,porting,api,semantics,debugging,reliability,performance} docs/abi \
	docs/{licensing,internals,testing,tests} CHANGELOG >>"$tmp/index.rst"
printf '%s\n' 'Parameters, files and trace events' '==================================' '' >"$tmp/docs/abi.rst"
if ! perl "$src/scripts/get_abi.pl" --dir docs/abi rest >>"$tmp/docs/abi.rst" 2>"$tmp/log" || [ -s "$tmp/log" ]; then
	die "get_abi.pl of $src cannot read docs/abi: $(head -n 1 "$tmp/log")"
fi

mkdir -p "${out%/*}"
rm -rf "$out.new"
(cd "$tmp" && progress "writing HTML" "$tmp/log" "$PYTHON" -m sphinx -q -W --keep-going -b html . "$out.new") ||
	{
		sed "s|$tmp/||g" "$tmp/log"
		echo "not ok htmldocs: pages have no warning ($(sed "s|$tmp/||g" "$tmp/log" | grep -m 1 -E 'WARNING|ERROR' || tail -n 1 "$tmp/log"))"
		exit 1
	}
rm -rf "$out.new/.doctrees" "$out.new/.buildinfo" "$out"
mv "$out.new" "$out"
echo "ok htmldocs: pages have no warning ($out/index.html)"
