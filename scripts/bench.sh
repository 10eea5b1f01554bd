#!/bin/bash
# usage: scripts/bench.sh [gate|baseline|report]     (make bench, bench-gate, bench-baseline)
#
# Measures the module beside the kernel's own workqueues on Debian's stock kernel, prints
# every figure with its target, and writes the tables and plots of docs/performance.md.
#   gate      measures only the instructions per item, compares them with tests/bench/baseline
#             and fails if a ratio is more than 3 % worse
#   baseline  measures the same and writes tests/bench/baseline
#   report    writes tables and plots again, from the logs of the last run
# SRC: another tree with the module; its benchmark must be the same. TRIES: of the gate.

. "$(dirname "$0")/lib.sh"

mode=${1:-all}
case $#$mode in 0all | 1gate | 1baseline | 1report) ;; *) usage ;; esac
results=$CACHE/results/bench
icount="-icount shift=0,sleep=off"

measure() { # measure NAME SCRIPT CPUS SECONDS [QEMU-ARGUMENTS [KERNEL-PARAMETERS [VARIABLE]]]
	local dir=$results/$1 script=$TOP/tests/bench/$2.sh

	rm -rf "$dir"
	say "bench: $1"
	GUEST_SMP=$3 GUEST_LIMIT=$4 GUEST_QEMU=${5:-} GUEST_CMDLINE=${6:-} GUEST_VARS=${7:-} \
		"$TOP/scripts/guest.sh" "$K_NAME" "$script" "$dir"
	"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$script" --tests "$TOP/tests" --kunit-py none \
		--name "bench $1" >"$dir/verdict" || {
		die "$1 failed: $(matters "$dir/verdict") (see $dir/console.log)"
	}
}

# Counts of instructions are the same in every run, because one thread emulates all CPUs.
instructions() {
	measure "instructions$1" instructions 1 300 "$icount"
	measure "posters$1" posters 4 300 "$icount" maxcpus=1
}

everything() {
	local n

	# A failing build should stop the run before the measurements.
	"$TOP/scripts/build.sh" 6.12-stock "${SRC:-$TOP}" >/dev/null || exit 1
	instructions 1
	instructions 2
	for n in 2 50; do
		measure "latency$n" latency 2 600 "$icount" maxcpus=1 flood_ns=${n}000
	done
	measure kicks kicks 4 300
	for n in 2 4 8; do
		measure "parallel$n" parallel "$n" 900
	done
	for n in 8 64; do
		measure "idle$n" idle "$n" 900
	done
	size -d "$MODULES/wq-compat.ko" >"$results/size"
	image_version >"$results/kernel"
	qemu-system-x86_64 --version | head -n 1 >"$results/qemu"
	# The scheduler of 6.12 has other preemption rules, which latency depends on.
	use 6.12-stock
	for n in 2 50; do
		measure "latency$n-6.12" latency 2 600 "$icount" maxcpus=1 flood_ns=${n}000
	done
	image_version >"$results/kernel-6.12"
}

image_version() {
	strings -n 8 "$KIMAGE" | sed -n -E 's/^([0-9]+\.[0-9]+\.[0-9]+[^ ]*) .*#/\1 #/p' | sed -n 1p
}

# Selects the kernel for the measurements that follow.
use() {
	local vars

	kernel_row "$1"
	vars=$("$TOP/scripts/build.sh" "$K_NAME" "${SRC:-$TOP}") || exit 1
	eval "$vars"
	export MODULES KIMAGE
}

timed "bench $mode"
lock bench
if [ "$mode" != report ]; then
	"$TOP/scripts/deps.sh" "$(if [ "$mode" = all ]; then echo bench; else echo demo; fi)"
	use 6.1-stock
	mkdir -p "$results"
fi

baseline=$TOP/tests/bench/baseline
status=0
case $mode in
gate)
	# A slower build fails every time; a guest with an unusual start fails once.
	for _ in $(seq "${TRIES:-3}"); do
		status=0
		instructions ""
		"$PYTHON" "$TOP/scripts/bench.py" gate "$results" "$baseline" || status=$?
		[ "$status" -ne 0 ] || break
	done
	;;
baseline)
	instructions ""
	"$PYTHON" "$TOP/scripts/bench.py" baseline "$results" >"$baseline.new"
	mv "$baseline.new" "$baseline"
	cat "$baseline"
	;;
*)
	[ "$mode" = report ] || everything
	"$PYTHON" "$TOP/scripts/bench.py" report "$results" "$baseline" \
		"$TOP/docs/performance.md" || status=$?
	"$PYTHON" "$TOP/scripts/bench_plots.py" "$results" "$TOP/docs/img"
	;;
esac
exit "$status"
