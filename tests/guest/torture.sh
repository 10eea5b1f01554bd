# shellcheck shell=dash
# The parameter torture: clients with one bug each (wqc_bugs) pass by luck without it, and are
# caught with it; a client without a bug runs as before.

files=/sys/kernel/debug/wq_compat
parameters=/sys/module/wqc_bugs/parameters

no_reports() {
	[ "$(awk '{ n += $1 } END { print n + 0 }' "$files/reports")" -eq 0 ] ||
		{ grep -v "^0" "$files/reports" | tail -n 1; return 1; }
}

# bug NAME: from its load to its unload, which waits for its items. They are queued on one CPU:
# items of several CPUs have no order.
bug() { taskset 2 insmod wqc_bugs.ko bug="$1" && unload wqc_bugs; }

# The client that writes to freed memory is left out where the kernel itself checks for that.
# The one that leaks its item is caught without torture too: see unload.sh.
lucky() {
	local name bugs="order start twice again status depend"

	[ -e /sys/kernel/debug/kmemleak ] || bugs="$bugs touch"
	load wq-compat || return 1
	forget_log
	for name in $bugs; do
		bug "$name" || return 1
	done
	! said "bugs: " >/dev/null || { dmesg | grep "bugs: " | head -n 1; return 1; }
	no_reports && unload wq_compat
}

# caught TORTURE NAME TEXT...: caught with that torture, and all of the texts are in the
# kernel's log
caught() {
	local torture=$1 name=$2 text

	shift 2
	load wq-compat torture="$torture" torture_refuse=50 max_runners_rt="${threads:-256}" || return 1
	forget_log
	bug "$name" || return 1
	unload wq_compat || return 1
	for text in "$@"; do
		said "$text" || return 1
	done
}

order() { caught 1 order "bugs: order: item "; }
start() { caught 1 start "bugs: start: the data has gone"; }
# One of several threads takes the item at once.
twice() {
	local threads=1

	caught 1 twice "item queued while it is queued (0xE4/1): item " ", routine bug_twice_routine"
}
again() { caught 2 again "bugs: again: the routine runs twice at once"; }
touch_freed() {
	caught 4 touch "item written to after it was freed (0xC1): item " \
		", allocated by bug_touch [wqc_bugs], freed by bug_touch_routine [wqc_bugs]"
}
status() { caught 8 status " routines will never run"; }
# The entries of torture 4 and 8 are not in the ordinary cache: a leak of one is reported, too.
leak() {
	caught 4 leak "item not freed by its driver (0xC4/0x62): wqc_bugs: 1 items never queued, from bug_leak+"
}

leak_at_init() {
	caught 4 leak_at_init \
		"item not freed by its driver (0xC4/0x62): wqc_bugs: 1 items never queued, from its __init code"
}

depend() {
	load wq-compat torture=16 stall_s=1 || return 1
	forget_log
	load wqc_bugs bug=depend || return 1
	eventually said "items wait, first for routine bug_depend_second [wqc_bugs]"
	echo 1 >"$parameters/give_up"
	unload wqc_bugs && unload wq_compat && said "bugs: depend: the second item never came" &&
		said "runs of routine bug_depend_first [wqc_bugs]"
}

# Without refused allocations, which the client does not expect.
good_client() {
	local torture api

	for torture in 7 20; do
		load wq-compat torture="$torture" && load wqc_witness || return 1
		for api in ex io ioex; do
			load wqc_client api="$api" count=5 requeue=2 sleep_ms=1 &&
				unload wqc_client && nothing_is_lost || return 1
		done
		eventually queues_balance && no_reports || return 1
		unload wqc_witness wq_compat || return 1
	done
}

t broken_clients_are_lucky_without_torture lucky
t order_of_items_is_not_relied_on order
t item_that_left_its_queue_has_not_begun start
t item_queued_a_moment_ago_is_still_queued twice
t routine_that_queues_its_item_again_overlaps again
t freed_item_that_is_touched_is_reported touch_freed
t refused_dispatch_is_noticed status
t items_that_depend_on_each_other_hang_at_once depend
t item_never_freed_is_reported_with_torture_too leak
t item_of_init_code_is_reported_with_torture_too leak_at_init
t client_without_a_bug_runs_as_ever good_client
t no_leaks no_leaks
