#!/bin/bash
# usage: [KERNELS="NAME..."] [SKIP="lint harness"] scripts/check.sh [all]
#                                                         (make check, make check-all)
#
# Lint, then kernels of scripts/kernels.txt (those of part "check", or all of them): build
# each once, build the modules, boot, judge; then the harness itself. The last line is
# "N passed, N failed[, N skipped]". The logs of a failed run are kept in the cache, and
# their path is printed.

. "$(dirname "$0")/lib.sh"

case "$#${1:-}" in 0) part=check ;; 1all) part=all ;; *) usage ;; esac
passed=0 failed=0 skipped=0
kernels=${KERNELS:-$(kernel_names "$part" | xargs)}
results=$CACHE/results/$(date +%Y%m%d-%H%M%S)-$$

# Count "ok NAME", "not ok NAME" and "skip NAME" lines.
count_lines() {
	passed=$((passed + $(grep -c '^ok ' "$1" || :)))
	failed=$((failed + $(grep -c '^not ok ' "$1" || :)))
	skipped=$((skipped + $(grep -c '^skip ' "$1" || :)))
}

fail() {
	printf 'not ok %s\n' "$*"
	failed=$((failed + 1))
}

# A step that prints result lines; one that prints none, or dies, is a failure of its own.
step() {
	local name=$1 out status=0

	shift
	out=$results/$name.out
	"$@" | tee "$out" || status=$?
	count_lines "$out"
	if ! grep -q -E '^(ok|not ok) ' "$out"; then
		fail "$name: it said nothing"
	elif [ "$status" -ne 0 ] && ! grep -q '^not ok ' "$out"; then
		fail "$name: exit status $status"
	fi
}

run_suite() {
	local suite=$1 dir=$results/$K_NAME-$1 status=0 p f s

	say "== $K_NAME: $suite"
	"$TOP/scripts/guest.sh" "$K_NAME" "$suite" "$dir" || :
	"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/$suite.sh" \
		--tests "$TOP/tests" --kunit-py "$kunit_py" --name "$K_NAME $suite" \
		--json "$dir/verdict.json" || status=$?
	read -r p f s < <("$PYTHON" -c 'import json, sys
c = json.load(open(sys.argv[1]))["counts"]; print(c["pass"], c["fail"], c["skip"])' \
		"$dir/verdict.json" 2>/dev/null || echo 0 1 0)
	# The verdict and its numbers must agree, whatever went wrong in between.
	[ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	[ "$((p + f))" -gt 0 ] || f=1
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	if [ "$f" -gt 0 ]; then
		echo "$K_NAME $suite: console log: $dir/console.log"
	else
		rm -rf "$dir"
	fi
}

run_kernel() {
	local vars suite

	kernel_row "$1"
	if [[ $K_SOURCE == debian* ]] && ! command -v dpkg-query >/dev/null; then
		echo "skip $K_NAME: this machine is not a Debian"
		skipped=$((skipped + 1))
		return
	fi
	say "== $K_NAME: modules"
	if ! vars=$("$TOP/scripts/build.sh" "$K_NAME"); then
		fail "$K_NAME: build"
		return
	fi
	echo "ok $K_NAME: builds without a warning"
	passed=$((passed + 1))
	eval "$vars"
	export MODULES KIMAGE KDIR
	for suite in ${K_SUITES//,/ }; do
		run_suite "$suite"
	done
	unset MODULES KIMAGE KDIR
}

deps=check
for k in $kernels; do
	kernel_row "$k"
	[ "$K_PART" = check ] || deps=check-all
done
"$TOP/scripts/deps.sh" "$deps" || exit 1
mkdir -p "$results"
# Broken off, it leaves nothing; otherwise the logs of what failed.
finished=
undo "[ -n \"\$finished\" ] || rm -rf '$results'; rmdir '$results' 2>/dev/null"
case " ${SKIP:-} " in
*" lint "*) skipped=$((skipped + 1)); say "lint skipped" ;;
*) step lint "$TOP/scripts/lint.sh" ;;
esac
kunit_py=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/testing/kunit/kunit.py
for k in $kernels; do
	run_kernel "$k"
done
case " ${SKIP:-} " in
*" harness "*) skipped=$((skipped + 1)); say "harness tests skipped" ;;
*) step harness "$TOP/scripts/harness.sh" ;;
esac
rm -f "$results"/*.out
# shellcheck disable=SC2034 # read when the script ends
finished=1

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
