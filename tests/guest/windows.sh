# shellcheck shell=dash disable=SC2154 # f_... are from figures
# build: WQC_WINDOWS=1 WQC_KUNIT=0
# Delays in each race window between two steps of the protocol (core/window.h), in a build of its
# own. No wake-up and no item is lost, and no item is written to that is its owner's.

windows=/sys/module/wq_compat/parameters/windows

load_modules() {
	load wq-compat && load wqc_witness || return 1
	[ -e "$windows" ] || { echo "wq_compat was built without its windows"; return 1; }
}

is_over() {
	read_figures
	[ "$f_left" -eq 0 ] || { cat "$parameters/figures"; return 1; }
}

# Without a limit, as long as items run.
comes_to_its_end() {
	local last=-1

	until eventually is_over >/tmp/over; do
		[ "$f_ran" -gt "$last" ] || { cat /tmp/over; return 1; }
		last=$f_ran
	done
}

# Every accepted item has run, and none is late.
laws_hold() {
	read_figures
	[ "$f_posted" -eq "$f_ran" ] && [ "$f_late" -eq 0 ] && return
	cat "$parameters/figures"
	return 1
}

# Counts writes to items that their owner had found to be off the queue.
touched=/tmp/touched
not_touched() {
	local sum

	sum=$(awk '{ n += $1 } END { print n + 0 }' $touched)
	[ "$sum" -eq 0 ] || { echo "$sum items were written to"; return 1; }
}

patterns() {
	local parameters=/sys/module/wqc_windows/parameters

	load wqc_windows seed=1 rounds="$(how_often 400 20000)" || return 1
	comes_to_its_end && laws_hold || return 1
	echo "$f_touched" >>$touched
	figures "windows: $(cat "$parameters/figures")"
	unload wqc_windows
}

storm() {
	local parameters=/sys/module/wqc_mix/parameters

	load wqc_mix seed=1 count="$(how_often 4000 200000)" || return 1
	eventually storm_is_over && storm_laws_hold || return 1
	figures "storm: $(cat "$parameters/figures")"
	unload wqc_mix
}

# Each window alone: the delays of one may hide another. With one HyperCritical thread a CPU, so
# that threads of other CPUs are kicked.
one_by_one() {
	local window=1 parameters=/sys/module/wqc_windows/parameters

	unload wqc_witness wq_compat && load wq-compat max_runners_rt=1 && load wqc_witness || return 1
	while [ "$window" -le 16384 ]; do
		echo "$window" >"$windows"
		load wqc_windows seed="$window" rounds="$(how_often 40 1000)" || return 1
		comes_to_its_end && laws_hold || return 1
		echo "$f_touched" >>$touched
		unload wqc_windows
		window=$((window * 2))
	done
}

t modules_load load_modules
t every_item_runs_with_delays_everywhere patterns
t storm_with_delays_loses_nothing storm
t every_item_runs_with_one_window_delayed one_by_one
t item_that_is_queued_no_more_is_its_owners not_touched
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
