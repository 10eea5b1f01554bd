#!/bin/bash
# usage: scripts/awk.sh
#
# Checks that the tools print the same with every awk of this machine, and in the formats of the
# programs that read it. Exit status: 0, 1 they do not.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
vars=$("$TOP/scripts/fetch.sh" "$(dpkg --print-architecture)" promtool) || exit 1
eval "$vars"
n=0 in=$TOP/tests/harness/tools
mkdir -p "$tmp/awk"
for awk in mawk gawk original-awk busybox; do
	command -v "$awk" >/dev/null || continue
	ln -sf "$(command -v "$awk")" "$tmp/awk/awk"
	PATH=$tmp/awk:$PATH "$TOP/scripts/wqc-trace" -o "$tmp/t.json" -t "$in/trace.txt" >"$tmp/out" || exit 1
	PATH=$tmp/awk:$PATH "$TOP/scripts/wqc-trace" -w -o "$tmp/w.json" -t "$in/sched.txt" >>"$tmp/out" || exit 1
	for o in --json --prometheus -c -m "-s Twd"; do
		# shellcheck disable=SC2086 # words are meant
		PATH=$tmp/awk:$PATH WQC_DEBUGFS=$in "$TOP/scripts/wqc-top" -1 -d 0 $o |
			sed -E 's/"(uptime|interval)_s":[0-9.]+/"\1_s":1/g; s/: in [0-9.]+ s;/:/' >"$tmp/o$o" || exit 1
	done
	"$PYTHON" "$TOP/scripts/files.py" "$tmp/t.json" "$tmp/o--json" || exit 1
	"$PROMTOOL" check metrics <"$tmp/o--prometheus" || exit 1
	cat "$tmp/t.json" "$tmp/o--json" "$tmp/o--prometheus" "$tmp"/o-[cms]* >>"$tmp/out"
	[ "$n" -eq 0 ] || diff "$tmp/first" "$tmp/out" || { echo "$awk prints a different output"; exit 1; }
	mv "$tmp/out" "$tmp/first"
	n=$((n + 1))
done
[ "$n" -gt 0 ]
