#!/bin/bash
# usage: [KERNELS="NAME..."] [SKIP="lint harness formats models port view"] [GUESTS=N] scripts/check.sh [all]
#
# Runs the suites of scripts/kernels.txt (of part "check", or all): builds each kernel once and
# the modules, boots a guest for each suite and judges it. Also runs lint, the tests of the
# harness, formats, models, port, view and, with "all", crash, htmldocs and install-test (also words of
# SKIP). The last line is "N passed, N failed[, N skipped]". The logs of a failed run stay in the
# cache, and their path is printed. GUESTS: how many jobs run at the same time; by default as many as
# there are CPUs.

. "$(dirname "$0")/lib.sh"

case "$#${1:-}" in 0) part=check ;; 1all) part=all ;; *) usage ;; esac
passed=0 failed=0 skipped=0
kernels=$(xargs <<<"${KERNELS:-$(kernel_names "$part")}")
results=$CACHE/results/$(date +%Y%m%d-%H%M%S)-$$
. "$TOP/scripts/jobs.sh"

# count PASSED FAILED SKIPPED
count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

fail() {
	printf 'not ok %s\n' "$*" | tee -a "$results/failures"
	count 0 1 0
}

# Prints the path of the log of what failed.
log_of() { echo "$1: log: $2" | tee -a "$results/failures"; }

# Prints FILE. Its lines about failures are printed again before the last line of the output.
show() { # show FILE
	cat "$1"
	grep -E '(^|: )(not ok|lost while running|cannot judge) ' "$1" >>"$results/failures" || true
}

# ---- judgement ----------------------------------------------------------------------------

# A script must print result lines: one that prints none, or that fails without one, is a failure.
# shellcheck disable=SC2317 # called by reap
judge_script() {
	local out=$results/$2.out why=''

	show "$out"
	count "$(grep -c '^ok ' "$out")" "$(grep -c '^not ok ' "$out")" "$(grep -c '^skip ' "$out")"
	if ! grep -q -E '^(ok|not ok|skip) ' "$out"; then
		why="no result line: $(matters "$results/$2.err")"
	elif [ "$1" -ne 0 ] && ! grep -q '^not ok ' "$out"; then
		why="exit status $1: $(matters "$results/$2.err")"
	fi
	[ -z "$why" ] || { tail -n 20 "$results/$2.err" && fail "$2: $why"; }
	[ "$1" -ne 0 ] || [ -n "$why" ] || return 0
	cat "$out" "$results/$2.err" >"$results/$2.log"
	log_of "$2" "$results/$2.log"
}

# The last result of each suite on each kernel, for scripts/results.sh. Suites whose guest did not
# boot have no result.
# shellcheck disable=SC2317 # called by judge_suite
record() { # record KERNEL SUITE PASSED FAILED SKIPPED
	local release

	release=$(grep -a -m 1 -o 'Linux version [^ ]*' "$results/$1-$2/console.log") || return 0
	mkdir -p "$CACHE/tested"
	echo "$1 $2 ${release##* } $(date +%F) $3 $4 $5" >"$CACHE/tested/$1-$2"
}

# shellcheck disable=SC2317 # called by reap
judge_suite() {
	local name=$2 suite=$3 dir=$results/$2-$3 status=0 p f s

	"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/$suite.sh" \
		--tests "$TOP/tests" --kunit-py "$kunit_py" --name "$name $suite" \
		>"$dir.verdict" || status=$?
	show "$dir.verdict"
	read -r p f s < <(sed -n '$s/.*: \(.*\) passed, \(.*\) failed, \(.*\) skipped$/\1 \2 \3/p' \
		"$dir.verdict") || p=0 f=1 s=0
	# The verdict and its numbers must agree, whatever failed in between.
	[ "$f" -gt 0 ] || { [ "$status" -eq 0 ] && [ "$p" -gt 0 ]; } || f=1
	count "$p" "$f" "$s"
	record "$name" "$suite" "$p" "$f" "$s"
	[ -z "${WQC_COVERAGE:-}" ] || cp "$dir/status.log" "$WQC_COVERAGE/$suite.status"
	[ "$f" -gt 0 ] || { rm -rf "$dir" && return; }
	cat "$dir.err"
	log_of "$name $suite" "$dir/console.log"
}

# ---- kernels ------------------------------------------------------------------------------

run_kernel() {
	local suite words why=''
	local -A vars=()	# of each build of the modules

	kernel_row "$1"
	[[ $K_SOURCE != debian* ]] || command -v dpkg-query >/dev/null || why="this machine is not a Debian"
	[ -z "$K_RELEASE" ] || [ "$(id -u)" -eq 0 ] || why="a chroot of Debian $K_RELEASE needs root"
	[ -z "$K_RELEASE" ] || unshare --mount true 2>/dev/null ||
		why=${why:-a chroot of Debian $K_RELEASE needs mount namespaces}
	[ -z "$why" ] || { echo "skip $K_NAME: $why" && count 0 0 1 && return; }
	say "== $K_NAME: modules"
	if ! vars[built]=$(WQC_WHY=$results/why "$TOP/scripts/build.sh" "$K_NAME"); then
		fail "$K_NAME: $(cat "$results/why")"
		return
	fi
	echo "ok $K_NAME: builds without a warning"
	count 1 0 0
	[ "$K_SUITES" != - ] || return 0
	for suite in ${K_SUITES//,/ }; do
		[ "$part" = all ] || [[ $suite != +* ]] || continue
		suite=${suite#+}
		words=$(build_words "$TOP/tests/guest/$suite.sh")
		if [ -z "${vars[built$words]:-}" ] &&
			! vars[built$words]=$(WQC_BUILD=$words WQC_WHY=$results/why "$TOP/scripts/build.sh" "$K_NAME"); then
			fail "$K_NAME $suite: $(cat "$results/why")"
			continue
		fi
		eval "${vars[built$words]}"
		ko[suite $K_NAME $suite]=$MODULES image[suite $K_NAME $suite]=$KIMAGE
		pending+=("suite $K_NAME $suite")
		start_pending
	done
}

deps=check
for k in $kernels; do
	kernel_row "$k"
	[ "$K_PART" = check ] || deps=check-all
done
whole="make check $([ "$part" = check ] || echo "$part ")$kernels${SKIP:+ without $SKIP}${LONG:+ long}"
timed "$whole"
"$TOP/scripts/deps.sh" "$deps" || exit 1
mkdir -p "$results"
# An interrupted run leaves nothing, a complete one the logs of what failed.
finished=
undo "[ -n \"\$finished\" ] || rm -rf '$results'; rmdir '$results' 2>/dev/null"
kunit_py=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/testing/kunit/kunit.py
run_scripts() {
	local s scripts="harness lint formats models port view"

	[ "$part" = check ] || scripts+=" crash htmldocs install-test"
	for s in $scripts; do
		case " ${SKIP:-} " in
		*" $s "*) say "$s skipped"; count 0 0 1 ;;
		*) pending+=("script $s") ;;
		esac
	done
	start_pending
}
# The first kernel has the longest suite, and the harness takes minutes: both start early, so that
# short jobs fill the places at the end.
for k in $kernels; do
	run_kernel "$k"
	[ "$k" != "${kernels%% *}" ] || run_scripts
done
while [ "${#jobs[@]}" -gt 0 ]; do
	reap
	start_pending
done
[ ! -s "$results/failures" ] || { echo "== what failed:" && cut -c 1-250 "$results/failures"; }
rm -f "$results"/*.out "$results"/*.err "$results"/*.verdict "$results"/{why,failures}
# shellcheck disable=SC2034 # read when the script ends
finished=1

[ "$skipped" -eq 0 ] || more=", $skipped skipped"
echo "$passed passed, $failed failed${more:-}"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
