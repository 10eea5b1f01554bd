# shellcheck shell=dash disable=SC2154 # f_... are from the figures
# Who needs memory waits for a work item, as under a file system, and no thread can be made:
# the rescuers of the workqueues run it, and the threads that HyperCritical has.

figures=/sys/module/wqc_reclaim/parameters/figures

# Whatever a kernel thread allocates fails, kthreadd's new threads first of all.
no_threads() { # no_threads PERCENT
	local kind dir

	for kind in /sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc; do
		[ -e "$kind" ] || { echo "this kernel cannot inject failures"; return "$SKIP"; }
		echo Y >"$kind/task-filter" && echo N >"$kind/ignore-gfp-wait" &&
			echo -1 >"$kind/times" && echo 0 >"$kind/verbose" || return 1
	done
	echo 0 >/sys/kernel/debug/fail_page_alloc/min-order
	for dir in /proc/[0-9]*; do
		[ -e "$dir/exe" ] || echo 1 2>/dev/null >"$dir/make-it-fail"
	done
	for kind in /sys/kernel/debug/failslab /sys/kernel/debug/fail_page_alloc; do
		echo "$1" >"$kind/probability"
	done
}

read_figures() {
	local figure all

	read -r all <"$figures"
	for figure in $all; do
		eval "f_${figure%%=*}=${figure#*=}"
	done
}

# All that was wanted was had, every item ran there, and in time.
press() { # press CLASS API rescuer|rt
	local there

	taskset 2 sh -c "echo $1 $2 >/sys/module/wqc_reclaim/parameters/press" || return 1
	read_figures
	eval "there=\$f_$3"
	figures "class $1, $2: $(cat "$figures")"
	[ "$f_got" -eq "$f_wanted" ] && [ "$f_batches" -gt 0 ] && [ "$f_late" -eq 0 ] &&
		[ "$there" -eq "$f_batches" ] && return
	cat "$figures"
	return 1
}

under_pressure() {
	local api status=0

	# Or what was freed may all be kept back, against fragmentation.
	echo 0 >/proc/sys/vm/watermark_boost_factor
	no_threads 100 || return
	for api in ex io rx; do
		if ! { press 1 "$api" rescuer && press 0 "$api" rescuer && press 2 "$api" rt; }; then
			status=1
			break
		fi
	done
	no_threads 0
	return "$status"
}

t modules_load load wq-compat
t reclaim_module_loads load wqc_reclaim
t reclaim_waits_for_items_that_rescuers_and_rt_threads_run under_pressure
t queues_balance eventually queues_balance
t modules_unload unload wqc_reclaim wq_compat
t no_leaks no_leaks
