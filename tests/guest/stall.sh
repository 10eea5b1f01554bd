# shellcheck shell=dash
# A class that is full of routines that wait makes no progress: who waits, and who stands in
# the way, is said; and more runners than the limit help, where the administrator allows it.

cpus=$(nproc)
parameters=/sys/module/wq_compat/parameters

load_small() {
	load wq-compat max_runners_any="$cpus" max_threads_rt=2 stall_s=2 && load wqc_witness
}

# Twice as many blockers as there may be runners.
fill() { # fill CLASS
	forget_log
	witness gate 0
	witness block 4 -1 "$1"
}

open_gate() {
	witness gate 1
	eventually nothing_is_lost && eventually queues_balance
}

at_least() { [ "$1" -ge "$2" ]; }
has_exceeded() { at_least "$(column "$1" exceeded)" 1; }
within_limit() { [ "$(($(column "$1" idle) + $(column "$1" busy)))" -le "$2" ]; }

# What waits, who runs, for how long, in which task, and where that is.
named() { # named CLASS CLASS-NAME
	fill "$1"
	eventually said "class $2, CPU 1: " || return 1
	said "items wait, first for routine witness_block [wqc_witness]; none has finished for 2 s" ||
		return 1
	said "class $2: " && said " runs of routine witness_block [wqc_witness], longest " ||
		return 1
	said "witness_block+0x" && open_gate
}

every_class_is_named() { named 1 Delayed && named 0 Critical && named 2 HyperCritical; }

quiet_while_it_goes_on() {
	forget_log
	load wqc_client class=1 count=40 sleep_ms=200 && sleep 4 && unload wqc_client || return 1
	! said "none has finished for" >/dev/null || { echo "a class that goes on was reported"; return 1; }
}

off() {
	echo 0 >"$parameters/stall_s"
	fill 1
	sleep 5
	! said "none has finished for" >/dev/null || { echo "reported although it is off"; return 1; }
	open_gate
	echo 2 >"$parameters/stall_s"
}

# Without more runners the last blockers would not get in before the gate opens.
recovers() { # recovers CLASS CLASS-NAME LIMIT
	echo 200 >"$parameters/extra_runners"
	fill "$1"
	eventually counts inside $((4 * cpus)) || { witness gate 1; return 1; }
	has_exceeded "$2" || { echo "the limit was not exceeded"; return 1; }
	echo 0 >"$parameters/extra_runners"
	# Half of a queue's surplus leaves every ten seconds.
	open_gate && { eventually within_limit "$2" "$3" || eventually within_limit "$2" "$3"; }
}

every_class_recovers() {
	recovers 1 Delayed "$cpus" && recovers 0 Critical "$cpus" &&
		recovers 2 HyperCritical $((2 * cpus))
}

t modules_load load_small
t full_class_says_what_waits_and_who_runs every_class_is_named
t class_that_goes_on_is_not_reported quiet_while_it_goes_on
t reports_can_be_turned_off off
t stalled_class_may_exceed_its_limit every_class_recovers
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
