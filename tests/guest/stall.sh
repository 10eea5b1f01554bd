# shellcheck shell=dash disable=SC2154 # scale is from /wqc/env
# A class whose routines all wait makes no progress. The report names the items that wait and
# the routines that run.
# waits: for the watchdog of the classes

cpus=$(nproc)
parameters=/sys/module/wq_compat/parameters

load_small() {
	load wq-compat max_runners_any="$cpus" max_runners_cpu=2 max_runners_rt=2 stall_s=2 &&
		load wqc_witness
}

# Twice as many blockers as the limit of runners, and one item of another routine.
fill() { # fill CLASS
	forget_log
	witness gate 0
	echo "guest: blockers are queued from here on" >/dev/kmsg
	witness block_too 1 2 "$1"
	witness block 4 -1 "$1"
}

# The watchdog counts from its last check, which was before the items were queued (a jiffy or
# two may be missing); one of the next checks, one a second, reports the stall.
waited_2_s() {
	dmesg | sed 's/^\[ *\([0-9.]*\)\]/\1/' | awk -v most=$((scale > 1 ? 10 : 5)) '
		/blockers are queued/ { from = $1 }
		/none has finished for/ && !told { told = $1 }
		END {
			if (told - from > 1.95 && told - from < most)
				exit 0
			print "reported after " told - from " s"
			exit 1
		}'
}

open_gate() {
	witness gate 1
	eventually nothing_is_lost && eventually queues_balance
}

# The task that is reported as the one with the longest routine is a runner.
runner_is_named() { # runner_is_named ROUTINE
	local pid

	pid=$(dmesg | sed -n "s/.* runs of routine $1 .*, longest [0-9]* ms, pid \([0-9]*\):.*/\1/p" |
		head -n 1)
	case $(cat "/proc/${pid:-none}/comm" 2>/dev/null) in
	kworker/* | wqc_*) return ;;
	esac
	echo "no runner has the pid '$pid' that was named for $1"
	return 1
}

# The report has the items that wait, the routines that run, how long, in which task, and where.
named() { # named CLASS CLASS-NAME
	fill "$1"
	eventually said "class $2, CPU 1: " || return 1
	said "items wait, first for routine witness_block [wqc_witness]; none has finished for 2 s" ||
		return 1
	said "class $2: " && said " runs of routine witness_block [wqc_witness], longest " ||
		return 1
	eventually said "class $2: 1 runs of routine witness_block_too [wqc_witness], longest " ||
		return 1
	eventually said "witness_block+0x" && eventually said "witness_block_too+0x" || return 1
	runner_is_named witness_block && runner_is_named witness_block_too || return 1
	open_gate && waited_2_s
}

every_class_is_named() { named 1 Delayed && named 0 Critical && named 2 HyperCritical; }

# So has the report of the queues of Rx*, which are per CPU, with two runners here. A class gets more
# items than there are runners, so some wait, on the CPUs that posted them.
rx_is_named() { # rx_is_named CLASS-NAME
	said "class $1, CPU " && said "class $1: "
}

rx_is_said() {
	forget_log
	load wqc_rxclient count=$((cpus + 1)) sleep_ms=4000 || return 1
	eventually rx_is_named RxDelayed && eventually rx_is_named RxCritical || return 1
	said "items wait, first for routine rxclient_" && said "none has finished for 2 s" &&
		said " runs of routine rxclient_" && runner_is_named "rxclient_[a-z]*" || return 1
	said "rxclient_posted+0x" || said "rxclient_dispatched+0x" || return 1
	unload wqc_rxclient && nothing_is_lost && eventually queues_balance
}

quiet_while_it_goes_on() {
	forget_log
	load wqc_client class=1 count=120 sleep_ms=200 && sleep 5 && unload wqc_client || return 1
	! said "none has finished for" >/dev/null || { echo "a class that makes progress was reported"; return 1; }
}

off() {
	echo 0 >"$parameters/stall_s"
	fill 1
	sleep 5
	! said "none has finished for" >/dev/null || { echo "reported although it is off"; return 1; }
	open_gate
	echo 2 >"$parameters/stall_s"
}

t modules_load load_small
t full_class_says_what_waits_and_who_runs every_class_is_named
t full_queue_of_rx_says_what_waits_and_who_runs rx_is_said
t class_that_goes_on_is_not_reported quiet_while_it_goes_on
t reports_can_be_turned_off off
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
