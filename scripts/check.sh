#!/bin/bash
# usage: [KERNELS="NAME..."] [SKIP="lint harness formats models"] [GUESTS=N] scripts/check.sh [all]
#                                                         (make check, make check-all)
#
# Kernels and suites of scripts/kernels.txt (of part "check", or all of them): build each once,
# build the modules, boot, judge; and lint, the harness itself, the formatter in user space, the
# models and, of all, installing (install-test in SKIP). The last line is
# "N passed, N failed[, N skipped]". The logs of a
# failed run are kept in the cache, and their path is printed. GUESTS= so many run at the
# same time: as many as there are cores.

. "$(dirname "$0")/lib.sh"

case "$#${1:-}" in 0) part=check ;; 1all) part=all ;; *) usage ;; esac
passed=0 failed=0 skipped=0
kernels=$(xargs <<<"${KERNELS:-$(kernel_names "$part")}")
results=$CACHE/results/$(date +%Y%m%d-%H%M%S)-$$

count() { # count PASSED FAILED SKIPPED
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

fail() {
	printf 'not ok %s\n' "$*"
	count 0 1 0
}

# ---- jobs ---------------------------------------------------------------------------------
# A guest waits more than it computes, so several run at a time. Each writes into a file of
# its own, and is judged when it has ended: what is printed is never mixed.

declare -A jobs=() since=()
# Their own traps stop what they have started.
stop_jobs() { [ "${#jobs[@]}" -eq 0 ] || { kill "${!jobs[@]}"; wait; } 2>/dev/null; }
undo stop_jobs

start() { # start "JUDGE ARGUMENT..." FILE COMMAND...: its output goes to FILE.out and FILE.err
	while [ "${#jobs[@]}" -ge "${GUESTS:-$JOBS}" ]; do
		reap
	done
	say "== ${1#* }: begins"
	"${@:3}" >"$2.out" 2>"$2.err" &
	jobs[$!]=$1
	since[$!]=$SECONDS
}

# Waits for one that ends, saying each minute that it does; then JUDGE STATUS ARGUMENT...
reap() {
	local pid='' status=0 pulse judge

	sleep 60 >/dev/null 2>&1 &
	pulse=$!
	wait -n -p pid "${!jobs[@]}" "$pulse" || status=$?
	if [ "$pid" = "$pulse" ]; then
		say "== running: $(printf '%s\n' "${jobs[@]#* }" | paste -s -d,)"
		return
	fi
	kill "$pulse"
	wait "$pulse" 2>/dev/null || :
	read -r -a judge <<<"${jobs[$pid]}"
	say "== ${judge[*]:1}: took $(elapsed "${since[$pid]}")"
	unset "jobs[$pid]" "since[$pid]"
	"${judge[0]}" "$status" "${judge[@]:1}"
}

# A script that prints result lines; one that prints none, or dies, is a failure of its own.
start_script() { # start_script NAME, of scripts/NAME.sh
	start "judge_script $1" "$results/$1" "$TOP/scripts/$1.sh"
}

# shellcheck disable=SC2317 # called by reap
judge_script() {
	local out=$results/$2.out

	cat "$out"
	count "$(grep -c '^ok ' "$out")" "$(grep -c '^not ok ' "$out")" "$(grep -c '^skip ' "$out")"
	if ! grep -q -E '^(ok|not ok|skip) ' "$out"; then
		tail -n 20 "$results/$2.err"
		fail "$2: it said nothing"
	elif [ "$1" -ne 0 ] && ! grep -q '^not ok ' "$out"; then
		tail -n 20 "$results/$2.err"
		fail "$2: exit status $1"
	fi
}

# shellcheck disable=SC2317 # called by reap
judge_suite() {
	local name=$2 suite=$3 dir=$results/$2-$3 status=0 p f s

	"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/$suite.sh" \
		--tests "$TOP/tests" --kunit-py "$kunit_py" --name "$name $suite" \
		--json "$dir/verdict.json" || status=$?
	read -r p f s < <("$PYTHON" -c 'import json, sys
c = json.load(open(sys.argv[1]))["counts"]; print(c["pass"], c["fail"], c["skip"])' \
		"$dir/verdict.json" 2>/dev/null || echo 0 1 0)
	# The verdict and its numbers must agree, whatever went wrong in between.
	[ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	[ "$((p + f))" -gt 0 ] || f=1
	count "$p" "$f" "$s"
	if [ "$f" -gt 0 ]; then
		cat "$dir.err"
		echo "$name $suite: console log: $dir/console.log"
	else
		rm -rf "$dir"
	fi
}

# ---- kernels ------------------------------------------------------------------------------

run_kernel() {
	local vars suite words built=''

	kernel_row "$1"
	if [[ $K_SOURCE == debian* ]] && ! command -v dpkg-query >/dev/null; then
		echo "skip $K_NAME: this machine is not a Debian"
		count 0 0 1
		return
	fi
	say "== $K_NAME: modules"
	if ! vars=$("$TOP/scripts/build.sh" "$K_NAME"); then
		fail "$K_NAME: build"
		return
	fi
	echo "ok $K_NAME: builds without a warning"
	count 1 0 0
	eval "$vars"
	for suite in ${K_SUITES//,/ }; do
		[ "$part" = all ] || [[ $suite != +* ]] || continue
		suite=${suite#+}
		words=$(build_words "$TOP/tests/guest/$suite.sh")
		if [ "$words" != "$built" ]; then
			if ! vars=$(WQC_BUILD=$words "$TOP/scripts/build.sh" "$K_NAME"); then
				fail "$K_NAME: build for $suite"
				continue
			fi
			eval "$vars"
			built=$words
		fi
		start "judge_suite $K_NAME $suite" "$results/$K_NAME-$suite" \
			env "MODULES=$MODULES" "KIMAGE=$KIMAGE" \
			"$TOP/scripts/guest.sh" "$K_NAME" "$suite" "$results/$K_NAME-$suite"
	done
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
kunit_py=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/testing/kunit/kunit.py
run_scripts() {
	local s scripts="harness lint formats models"

	[ "$part" = check ] || scripts+=" install-test"
	for s in $scripts; do
		case " ${SKIP:-} " in
		*" $s "*) say "$s skipped"; count 0 0 1 ;;
		*) start_script "$s" ;;
		esac
	done
}
# Not last: one that takes long would be alone at the end.
for k in $kernels; do
	[ "$k" != "${kernels##* }" ] || run_scripts
	run_kernel "$k"
done
while [ "${#jobs[@]}" -gt 0 ]; do
	reap
done
rm -f "$results"/*.out "$results"/*.err
# shellcheck disable=SC2034 # read when the script ends
finished=1

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
