# shellcheck shell=dash disable=SC2154 # f_... are from the figures
# A task that needs memory waits for a work item, as below a file system, while no thread can be
# created: the rescuers of the workqueues run the item, or the existing threads of
# HyperCritical.
# waits: for rescuers, one batch after the other

parameters=/sys/module/wqc_reclaim/parameters

# All wanted pages were allocated, every item ran in the expected thread, and in time.
press() { # press CLASS API rescuer|rt
	local there

	taskset 2 sh -c "echo $1 $2 >$parameters/press" || return 1
	read_figures
	eval "there=\$f_$3"
	figures "class $1, $2: $(cat "$parameters/figures")"
	[ "$f_got" -eq "$f_wanted" ] && [ "$f_batches" -gt 0 ] && [ "$f_late" -eq 0 ] &&
		[ "$there" -eq "$f_batches" ] && return
	cat "$parameters/figures"
	return 1
}

under_pressure() {
	local api status=0

	# Otherwise the freed pages may all be held back, against fragmentation.
	echo 0 >/proc/sys/vm/watermark_boost_factor
	# From here on kthreadd cannot create a thread.
	kernel_threads_lack_memory && memory_fails 100 || return
	for api in ex io rx; do
		if ! { press 1 "$api" rescuer && press 0 "$api" rescuer && press 2 "$api" rt; }; then
			status=1
			break
		fi
	done
	memory_fails 0
	return "$status"
}

t modules_load load wq-compat
t reclaim_module_loads load wqc_reclaim
t reclaim_waits_for_items_that_rescuers_and_rt_threads_run under_pressure
t queues_balance eventually queues_balance
t modules_unload unload wqc_reclaim wq_compat
t no_leaks no_leaks
