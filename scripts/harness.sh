#!/bin/bash
# usage: scripts/harness.sh [golden|words|live|gate]
#
# Tests that the harness reports failures: golden logs, each damaged in one way, and live guests
# with one deliberate fault must get the expected verdict. Prints "ok harness: NAME" or
# "not ok harness: NAME"; exit status. The results of live guests are kept, and printed again as long
# as the scripts, the kernels and QEMU are the same: they do not depend on the modules.

. "$(dirname "$0")/lib.sh"

timed "harness${*:+ $*}"
h=$TOP/tests/harness status=0
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
# shellcheck source=../tests/harness/golden.sh
. "$h/golden.sh"
# shellcheck source=../tests/harness/words.sh
. "$h/words.sh"
kunit_py=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/testing/kunit/kunit.py

# judge NAME STATUS REGEX DIR SCRIPT TESTS: verdict.py must exit with STATUS and print REGEX.
judge() {
	local got=0

	"$PYTHON" "$TOP/scripts/verdict.py" "$4" "$5" --tests "$6" --kunit-py "$kunit_py" \
		>"$tmp/out" 2>&1 || got=$?
	if [ "$got" -eq "$2" ] && grep -q -E "$3" "$tmp/out"; then
		echo "ok harness: $1"
	else
		cat "$tmp/out"
		echo "not ok harness: $1 (status $got instead of $2, or not: $3)"
		status=1
	fi
}

built=	# the kernel for which MODULES are
build_for() {
	local vars ours

	[ "$built" != "$1" ] || return 0
	built=
	vars=$("$TOP/scripts/build.sh" "$1") && eval "$vars" && ours=$MODULES &&
		vars=$(WQC_MAKE="WQC_SRC=$TOP KBUILD_EXTRA_SYMBOLS=$MODULES/Module.symvers" \
			"$TOP/scripts/build.sh" "$1" "$h") && eval "$vars" || return 1
	MODULES="$ours $MODULES" built=$1
}

# live NAME STATUS REGEX SCRIPT [KERNEL [LIMIT]]
live() {
	local kernel=${5:-6.1-plain}

	if ! build_for "$kernel"; then
		echo "not ok harness: live: $1 (not built)"
		status=1 && return
	fi
	MODULES=$MODULES KIMAGE=$KIMAGE GUEST_LIMIT=${6:-300} \
		"$TOP/scripts/guest.sh" "$kernel" "$h/$4.sh" "$tmp/live"
	judge "live: $1" "$2" "$3" "$tmp/live" "$h/$4.sh" "$TOP/tests"
}

wanted() { [ -z "${KERNELS:-}" ] || [[ " $KERNELS " == *" $1 "* ]]; }

live_guests() {
	if ! wanted 6.1-plain; then
		echo "skip harness: live guests"
		return
	fi
	live "a good client passes" 0 '6 passed, 0 failed' good
	live "a WARN in a routine" 1 'log_is_clean: WARNING: .*\[in client_loads\]' warn
	live "one failure is one" 1 ' 6 passed, 1 failed' tidy
	live "a suite that does not run" 1 'the suite was not seen' nosuite
	live "a guest that hangs" 2 'lost \(time limit\)' hang 6.1-plain 15
	live "a guest that dies" 2 'lost while running guest.dies' dead
	live "a guest that does not die" 1 'not ok guest.module_stays: it did not die' survives
	live "a misuse that is a panic" 2 'log_is_clean: Kernel panic.* invalid item \(0xE4/0\)' panic
	if ! wanted 6.12-debug; then
		echo "skip harness: live: memory lost in a routine"
		return
	fi
	live "memory lost in a routine" 1 'guest.no_leaks.*objects leaked' leak 6.12-debug 600
}

# What a live guest is made and judged with: all scripts and files of these folders, but those that
# certainly do nothing for it. Rows of other kernels do not count either.
parts_of_live() {
	tree_files . | sed 's|^\./||' | LC_ALL=C sort | grep -E '^(scripts|tests/(configs|guest|harness))/' |
		grep -v -E -e '^scripts/(api|badwords|bench|check|client-|coverage|deb|demo|dkms|docs|formats|headers|install|jobs|layouts)' \
			-e '^scripts/(links|lint|litmus|long|mingw|missing|models|mutant|mutations|one\.sh|pictures|port)' \
			-e '^scripts/(reports|results|rooms|semantics|sparse|wqc-)' -e '^scripts/kernels' \
			-e '^tests/guest/.*\.sh$' -e '^tests/configs/(arm64|cfi|gcov|kcsan|no|rt|up|v7)'
	echo tests/guest/lib.sh
}

live_or_proven() {
	local key kept=$CACHE/harness.live failed=$status

	key=$(cd "$TOP" && {
		parts_of_live | xargs cat
		grep -E '^(6\.1-plain|6\.12-debug) ' scripts/kernels.txt
		qemu-system-x86_64 --version && ls -d "$CACHE"/kernels/{6.1-plain,6.12-debug}-* && echo "${KERNELS:-}"
	} | sha256sum)
	if ! grep -s -q -x -F "$key" "$kept"; then
		status=0
		live_guests >"$tmp/lines"
		[ "$status" -ne 0 ] || { cat "$tmp/lines" && echo "$key"; } >"$kept"
		[ "$failed" -eq 0 ] || status=1
	else
		cp "$kept" "$tmp/lines"
	fi
	grep -v -x -F "$key" "$tmp/lines"
}

# The gate of the benchmark must refuse a build with ten more instructions per item.
slower_build() {
	local tree=$CACHE/slower verdict=ok
	wanted 6.1-stock || { echo "skip harness: a slower build"; return; }
	rm -rf "$tree" && mkdir "$tree"
	copy_tree "$TOP" "$tree"
	sed -i 's/^\troutine(first,/\tasm volatile(".rept 10; nop; .endr");\n&/' "$tree/core/run.h"
	if cmp -s "$TOP/core/run.h" "$tree/core/run.h" ||
		SRC=$tree TRIES=1 "$TOP/scripts/bench.sh" gate >"$tmp/out" ||
		! grep -q '^not ok bench: burst-delayed' "$tmp/out"; then
		cat "$tmp/out"
		verdict="not ok" status=1
	fi
	echo "$verdict harness: the gate refuses a slower build"
}

case ${1:-} in
golden) golden_logs; golden_files; golden_deaths; bounded_commands ;;
words) words_at_the_end; words_meanwhile ;;
live) live_guests ;;
gate) slower_build ;;
"") golden_logs; golden_files; golden_deaths; bounded_commands; words_at_the_end; words_meanwhile; live_or_proven; slower_build ;;
*) usage ;;
esac
exit "$status"
