# shellcheck shell=dash
# CPUs go offline and online while items are queued on them. Every accepted item runs, on any
# CPU, and the threads of a CPU that is back online are bound to it again.

cpus=$(nproc)

load_without_last_cpu() {
	cpu_goes $((cpus - 1)) && load wq-compat max_runners_any="$cpus" max_runners_rt=2 &&
		load wqc_witness
}

# has_runners CPU CLASS: debugfs shows runners
has_runners() {
	grep "^class=$2 cpu=$1 " /sys/kernel/debug/wq_compat/queues | grep -q ' idle=[1-9]'
}

new_cpu_gets_runners() {
	local last=$((cpus - 1))

	cpu_comes "$last" || return 1
	eventually has_runners "$last" HyperCritical || return 1
	rt_threads_are_home "$last" || return 1
	load wqc_client cpu="$last" count=10 && eventually nothing_is_lost && unload wqc_client
}

rt_threads_have_left() {
	local pid

	for pid in $(rt_threads "$1"); do
		! grep -q "^Cpus_allowed_list:[[:space:]]*$1\$" "/proc/$pid/status" && return
	done
	echo "the threads of CPU $1 never ran while it was off"
	return 1
}

# Items are queued behind blockers on a CPU, the CPU goes offline, and then the items may run.
pending() {
	local cpu

	for cpu in $(every_other_cpu); do
		witness gate 0
		witness block 2
		eventually counts inside $((cpus + cpus + 2 * cpus)) || return 1
		load wqc_client cpu="$cpu" count=20 sleep_ms=1 api=ioex requeue=1 || return 1
		cpu_goes "$cpu" && witness gate 1 && eventually nothing_is_lost || return 1
		rt_threads_have_left "$cpu" || return 1
		cpu_comes "$cpu" && unload wqc_client && nothing_is_lost || return 1
	done
}

# Clean-up after a failed test: all CPUs are online, and no routine waits at the gate.
start_over() {
	local cpu

	for cpu in $(every_other_cpu); do
		cpu_comes "$cpu" 2>/dev/null
	done
	witness gate 1
	[ ! -e /sys/module/wqc_client ] || unload wqc_client || return 1
	eventually nothing_is_lost
}

back_home() {
	local cpu

	start_over || return 1
	for cpu in $(every_other_cpu); do
		rt_threads_are_home "$cpu" || return 1
	done
}

# Blockers are in their routines when the CPU goes offline, and when it is back. They wake
# meanwhile, so that they are moved. After they have returned, they are on their CPU again
# before another item runs.
running() {
	local cpu

	start_over || return 1
	for cpu in $(every_other_cpu); do
		witness gate 0
		witness block 2 "$cpu"
		# The first two classes borrow one runner from another CPU.
		eventually counts inside $((2 + 2 + 2)) || { witness gate 1; return 1; }
		cpu_goes "$cpu" && witness nudge 1 && eventually rt_threads_have_left "$cpu" || return 1
		cpu_comes "$cpu" && witness gate 1 || return 1
		eventually nothing_is_lost && rt_threads_are_home "$cpu" || return 1
		load wqc_client cpu="$cpu" count=20 sleep_ms=1 && unload wqc_client || return 1
		nothing_is_lost && rt_threads_are_home "$cpu" || return 1
	done
}

# A CPU that goes offline changes the affinity of its threads: no routine is reported for that.
no_routine_is_reported() {
	! said "another affinity" >/dev/null || { dmesg | grep "another affinity"; return 1; }
}

storm() {
	start_over && forget_log && load wqc_storm && every_other_cpu_in_turn || return 1
	unload wqc_storm && nothing_is_lost && no_routine_is_reported && echo "$(count accepted) items"
}

# debugfs after the storm: each class was used on each CPU.
all_took_part() {
	local cpu class

	for cpu in $(seq 0 $((cpus - 1))); do
		for class in Delayed Critical HyperCritical; do
			grep "^class=$class cpu=$cpu " /sys/kernel/debug/wq_compat/queues |
				grep -q ' queued=[1-9][0-9][0-9]' ||
				{ echo "CPU $cpu, $class: less than 100 items"; return 1; }
		done
	done
}

t modules_load_with_a_cpu_off load_without_last_cpu
t cpu_that_was_off_at_load_gets_runners new_cpu_gets_runners
t items_of_a_cpu_that_left_run_elsewhere pending
t rt_threads_of_a_cpu_that_is_back_are_bound_to_it back_home
t routines_outlive_their_cpu running
t nothing_is_lost_in_a_storm_while_cpus_come_and_go storm
t every_cpu_took_part_in_the_storm all_took_part
t rt_threads_are_home_after_the_storm back_home
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
