#!/bin/bash
# usage: scripts/results.sh     (make results)
#
# Takes the last result of each suite on each kernel, which check.sh leaves in the cache, into
# tests/results.txt, from which "make docs" writes the table of docs/testing.md.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
[ -d "$CACHE/tested" ] || die "make check has left no result in $CACHE"
{
	echo "# KERNEL SUITE RELEASE DATE PASSED FAILED SKIPPED, written by scripts/results.sh"
	grep -h -v '^#' "$TOP/tests/results.txt" "$CACHE"/tested/* |
		awk '{ last[$1 " " $2] = $0 } END { for (k in last) print last[k] }' | LC_ALL=C sort
} >"$TOP/tests/results.txt.new"
mv "$TOP/tests/results.txt.new" "$TOP/tests/results.txt"
"$PYTHON" "$TOP/scripts/kernels.py"
