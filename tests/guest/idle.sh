# shellcheck shell=dash disable=SC2034,SC2154,SC2317 # counters; scale; called by name
# While nothing is queued or runs the engine is dormant: it wakes no thread, fires no timer and
# interrupts no CPU, so that idle and isolated CPUs are not disturbed. The next item ends that.
# waits: until nothing is surplus

tracing=/sys/kernel/tracing
files=/sys/kernel/debug/wq_compat

# Once: to enable an event changes the kernel's code, and an emulated CPU may execute the old one.
enable_events() {
	local event

	echo 0 >$tracing/tracing_on
	for event in sched/sched_wakeup sched/sched_switch timer/hrtimer_expire_entry \
		timer/timer_expire_entry workqueue/workqueue_execute_start; do
		echo 1 >"$tracing/events/$event/enable" || return 1
	done
}

# traced COMMAND...: the events of the module's threads and timers meanwhile, in /tmp/events
traced() {
	local status=0

	echo >$tracing/trace
	echo 1 >$tracing/tracing_on
	"$@" || status=$?
	echo 0 >$tracing/tracing_on
	grep -E 'comm=wqc_|function=(wqc|ntc)_' $tracing/trace >/tmp/events
	return "$status"
}

interrupts() { awk -F 'interrupts=' '/interrupts=/ { sum += $2 } END { print sum }' $files/items; }

# Runners and spare items that are surplus are freed in the first minute, mostly.
is_dormant() {
	local tries=0

	while [ "$tries" -lt 40 ]; do
		tries=$((tries + 1))
		traced sleep 4 || return 1
		[ -s /tmp/events ] || return 0
	done
	echo "after three minutes:"
	tail -n 5 /tmp/events
	return 1
}

nothing_in_ten_seconds() {
	local before

	before=$(interrupts)
	traced sleep 10 || return 1
	[ ! -s /tmp/events ] || { tail -n 5 /tmp/events; return 1; }
	[ "$(interrupts)" = "$before" ] || { echo "a CPU was interrupted"; return 1; }
}

wakes_nothing() { is_dormant && nothing_in_ten_seconds; }

after_use() {
	load wqc_client count=6 sleep_ms=20 requeue=2 && unload wqc_client && nothing_is_lost &&
		load wqc_rxclient count=6 sleep_ms=20 && unload wqc_rxclient && nothing_is_lost &&
		wakes_nothing || return 1
	[ "$(rt_of_cpu 1)" = 4 ] || { echo "CPU 1 keeps $(rt_threads) threads"; return 1; }
}

# Also shows that the events are there to be seen.
use() { load wqc_client class=2 count=2 && sleep 2; }
item_ends_it() {
	traced use || return 1
	grep -q 'sched_switch: .*comm=wqc_rt/' /tmp/events || { echo "no item ran"; return 1; }
	grep -q 'sched_switch: .*comm=wqc_keeper' /tmp/events || { echo "the keeper sleeps"; return 1; }
	grep -q 'hrtimer_expire_entry: .*function=wqc_guard_tick' /tmp/events ||
		{ echo "the guard sleeps"; return 1; }
	unload wqc_client && nothing_is_lost
}

rt_threads() { grep -c . /tmp/rt; }
rt_of_cpu() { grep -l "^wqc_rt/$1\$" /proc/[0-9]*/comm >/tmp/rt; rt_threads; }

# Runs before any other item of the class.
threads_are_made_when_needed() {
	[ "$(rt_of_cpu 1)" = 1 ] || { echo "CPU 1 has $(rt_threads) threads from the start"; return 1; }
	load wqc_client class=2 cpu=1 && unload wqc_client || return 1
	has_four() { [ "$(rt_of_cpu 1)" = 4 ]; }
	eventually has_four && [ "$(rt_of_cpu 2)" = 1 ]
}

# grown CPU: threads that were added there
grown() { sed -n "s/^class=HyperCritical cpu=$1 .* grown=\([0-9]*\) .*/\1/p" $files/queues; }

# The bursts last for four of the periods after which surplus threads are freed.
burst() {
	witness gate 0
	witness block 12 1 2
	sleep 1
	witness gate 1
	eventually nothing_is_lost && eventually queues_balance
}
repeated_bursts() {
	local before i

	burst || return 1
	before=$(grown 1)
	for i in 1 2 3 4 5 6 7 8 9 10; do
		sleep 3
		burst || return 1
	done
	[ "$(grown 1)" = "$before" ] || { echo "$before threads grew to $(grown 1)"; return 1; }
}

keeper() { grep -l '^wqc_keeper' /proc/[0-9]*/comm | cut -d/ -f3; }

# Each item comes when the engine has just become dormant, or is about to. Ticks of 10 ms.
keeper_time() { awk '{ print $14 + $15 }' "/proc/$(keeper)/stat"; }
items_soon_after() {
	local before i

	is_dormant || return 1
	before=$(keeper_time)
	for i in 1 2 3 4 5 6 7 8; do
		load wqc_client class=2 count=1 cpu=1 && unload wqc_client || return 1
		usleep $((2000000 + i * 100000))
	done
	[ $(($(keeper_time) - before)) -le $((30 * (scale > 1 ? 5 : 1))) ] ||
		{ echo "the keeper ran for $(($(keeper_time) - before))0 ms"; return 1; }
}

# A queue has no idle runner, its class is at the limit, and no item waits: the keeper has nothing
# to do but its check.
blocked_class() {
	local before after

	unload wqc_witness wq_compat && load wq-compat max_runners_any="$(nproc)" &&
		load wqc_witness || return 1
	sleeps() { awk '/^voluntary/ { print $2 }' "/proc/$(keeper)/status"; }
	witness gate 0
	witness block 1 1 1
	sleep 2
	before=$(sleeps)
	sleep 5
	after=$(sleeps)
	witness gate 1
	[ $((after - before)) -le 10 ] || { echo "the keeper woke $((after - before)) times in 5 s"; return 1; }
	eventually nothing_is_lost
}

# The first of HyperCritical since the load. The time in the report does not begin before it.
hog_is_reported() {
	local ms

	forget_log
	unload wqc_witness wq_compat && load wq-compat && load wqc_witness && is_dormant &&
		load wqc_client class=2 count=1 cpu=1 requeue=$((10000000 / scale)) || return 1
	eventually said "HyperCritical items keep CPU 1 for " && unload wqc_client && nothing_is_lost ||
		return 1
	ms=$(dmesg | sed -n 's/.*HyperCritical items keep CPU 1 for \([0-9]*\) ms.*/\1/p' | head -n 1)
	[ "$ms" -lt 3000 ] || { echo "kept for $ms ms, the dormant time included"; return 1; }
}

# A CPU that isolcpus= names. $on_it: the events there.
on_it=/tmp/on_it
events_of() { grep -F "[$(printf %03d "$1")]" /tmp/events >$on_it; }

use_others() {
	for _ in 1 2 3; do
		load wqc_client count=30 cpu=0 sleep_ms=10 requeue=2 && unload wqc_client || return 1
	done
	load wqc_rxclient count=20 sleep_ms=10 && sleep 3 && unload wqc_rxclient
}
use_it() { load wqc_client cpu="$1" count=3 sleep_ms=10 && unload wqc_client; }

isolated_cpu() {
	local cpu

	read -r cpu </sys/devices/system/cpu/isolated
	[ -n "$cpu" ] || { echo "no CPU is isolated"; return "$SKIP"; }
	taskset -p 1 $$ >/dev/null && is_dormant && traced use_others || return 1
	events_of "$cpu"
	[ ! -s $on_it ] || { tail -n 5 $on_it; return 1; }
	is_dormant && traced use_it "$cpu" || return 1
	events_of "$cpu"
	grep -q 'sched_switch: .*next_comm=wqc_rt/' $on_it ||
		{ echo "no HyperCritical item ran on CPU $cpu"; return 1; }
	! grep workqueue_execute_start $on_it && nothing_is_lost
}

modules_load() {
	[ -e $tracing/trace ] || { echo "this kernel has no trace events"; return "$SKIP"; }
	enable_events && load wq-compat && load wqc_witness
}

t modules_load modules_load
t unused_module_wakes_nothing wakes_nothing
t hypercritical_threads_are_made_when_needed threads_are_made_when_needed
t repeated_bursts_find_their_threads repeated_bursts
t module_that_was_used_wakes_nothing after_use
t item_wakes_keeper_and_guard item_ends_it
t items_soon_after_that_do_not_make_the_keeper_poll items_soon_after
t blocked_class_wakes_the_keeper_once_a_second blocked_class
t isolated_cpu_is_not_disturbed isolated_cpu
t hog_is_reported_after_a_long_time hog_is_reported
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
