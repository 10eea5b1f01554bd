#!/bin/bash
# usage: scripts/coverage.sh     (make coverage)
#
# Measures which lines and branches of both modules the tests reach: runs the suites that kernel
# 6.1-plain has in make check, with modules that have gcov's counters, and writes docs/coverage.md. The
# pages of every source, by genhtml, are in the cache. Counters of a guest that dies are lost.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
timed coverage
"$TOP/scripts/deps.sh" coverage || exit 1
kernel_row 6.1-plain
lock coverage
dir=$CACHE/coverage tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
rm -rf "$dir"
mkdir -p "$dir"

status=0
export WQC_COVERAGE=$dir
GUEST_VARS=coverage=1 KERNELS=$K_NAME SKIP="lint harness formats models port view" \
	"$TOP/scripts/check.sh" || status=$?

branches=(--rc lcov_branch_coverage=1)
# counted SUITE LOG: makes SUITE.info of the counters that the guest handed out. gcov looks for them
# beside the compiler's notes, whose directory is in their path.
counted() {
	local OBJECTS vars root=$tmp/$1

	sed -n 's/^file coverage //p' "$2" | base64 -d >"$tmp/tar.gz"
	[ -s "$tmp/tar.gz" ] || { say "$1: its guest handed out no counters" && return; }
	vars=$(WQC_BUILD=$(build_words "$TOP/tests/guest/$1.sh") "$TOP/scripts/build.sh" "$K_NAME") || exit 1
	eval "$vars"
	mkdir -p "$root"
	tar -xzf "$tmp/tar.gz" -C "$root"
	(cd / && find ".$OBJECTS" -name '*.gcno' -print0 | tar --null -cf - -T -) | tar -xf - -C "$root"
	lcov -q -c -d "$root$OBJECTS" -b "$KDIR" "${branches[@]}" -o "$tmp/info" >"$dir/$1.log" 2>&1 ||
		die_of "$dir/$1.log" "the counters of $1 were not read"
	sed "s|^SF:$OBJECTS/|SF:$TOP/|" "$tmp/info" >"$dir/$1.info"
	rm -rf "$root"
}
for log in "$dir"/*.status; do
	suite=${log##*/}
	counted "${suite%.status}" "$log"
done

args=()
for info in "$dir"/*.info; do args+=(-a "$info"); done
lcov -q "${branches[@]}" "${args[@]}" -o "$tmp/all" >"$dir/lcov.log" 2>&1 ||
	die_of "$dir/lcov.log" "the counters of the suites were not added"
lcov -q "${branches[@]}" -e "$tmp/all" "$TOP/*" -o "$tmp/ours" >>"$dir/lcov.log" 2>&1
lcov -q "${branches[@]}" -r "$tmp/ours" "$TOP/tests/*" "$TOP/samples/*" -o "$dir/all" >>"$dir/lcov.log" 2>&1
genhtml -q --branch-coverage -p "$TOP" -o "$dir/html" "$dir/all" >"$dir/genhtml.log" 2>&1 ||
	die_of "$dir/genhtml.log" "the pages were not written"
"$PYTHON" "$TOP/scripts/coverage.py" "$dir/all"
say "each source: $dir/html/index.html"
exit "$status"
