# shellcheck shell=dash
# Memory of the items that calls allocate: bursts of them, how many are cached, and items that a
# driver never frees.

# ---- memory of many items ------------------------------------------------------------------

entries() { sed -n 's/^entries=//p' /sys/kernel/debug/wq_compat/items; }
entries_are_at_most() { [ "$(entries)" -le "$1" ] || { entries; return 1; }; }

# burst PARAM...: all on one CPU; sets $got.
burst() {
	taskset 2 insmod wqc_burst.ko "$@" && got=$(cat /sys/module/wqc_burst/parameters/got) &&
		unload wqc_burst
}

# On PREEMPT_RT there is only a reserve with interrupts off, and threads do not use it up.
bursts() {
	local how least

	load wq-compat || return 1
	for how in irqs_off thread spinlock; do
		least=3000
		case "$how$(uname -v)" in irqs_off*PREEMPT_RT*) least=128 ;; esac
		burst how="$how" count=3000 || return 1
		figures "$how: $got of 3000 items in one go"
		[ "$got" -ge "$least" ] || { echo "$how: $got of 3000 items"; return 1; }
	done
	burst how=both count=6000 || return 1
	[ "$got" -eq 6128 ] || { echo "with interrupts off: $((got - 6000)) of 128"; return 1; }
}

# Memory that is allocated on a CPU, and freed there by a routine or by a thread with preemption
# off.
cache_is_bounded() {
	local before

	before=$(entries)
	burst posts=25000 && [ "$got" -eq 25000 ] || return 1
	figures "25000 dispatches: $before entries before, $(entries) after"
	entries_are_at_most $((before + 1000)) || return 1
	before=$(entries)
	burst count=30000 free_off=1 && [ "$got" -eq 30000 ] || return 1
	eventually entries_are_at_most $((before + 16384))
}

# ---- items that are never freed -----------------------------------------------------------

leaked="item not freed by its driver (0xC4/0x62): wqc_forgets: "

# forgets TEXT PARAM...: loads and unloads the driver, which is reported with TEXT.
forgets() {
	local text=$1

	shift
	forget_log
	load wqc_forgets "$@" && unload wqc_forgets && said "$leaked$text"
}

never_freed() {
	load wq-compat && load wqc_witness || return 1
	forgets "3 items of routine forgets_routine [wqc_forgets]" count=3 || return 1
	! said "never queued" >/dev/null || { echo "other items are reported"; return 1; }
}

# Most likely loaded at the address of the earlier driver, whose items still exist.
reported_once() {
	forget_log
	load wqc_forgets && unload wqc_forgets || return 1
	! said "$leaked" >/dev/null || { dmesg | grep -F "$leaked" | tail -n 1; return 1; }
}

never_queued() { forgets "2 items never queued, from forgets_allocate+" unused=2; }
init_code() { forgets "4 items never queued, from its __init code" early=4; }
of_a_plain_client() {
	forgets "5 items of routine forgets_routine [wqc_forgets]" plain=1 count=5 &&
		forgets "1 items never queued, from its __init code" plain=1 early=1
}

of_a_failed_load() {
	forget_log
	! load wqc_forgets fail=1 count=6 2>/dev/null && said "${leaked}6 items of routine forgets_routine"
}

# While this driver is loaded with its items, another one is unloaded, and is not reported.
of_another() {
	forget_log
	load wqc_forgets unused=1 early=1 && load wqc_hello && unload wqc_hello || return 1
	! said "item not freed" >/dev/null || { dmesg | grep "item not freed" | tail -n 1; return 1; }
	unload wqc_forgets && said "${leaked}1 items never queued, from forgets_allocate+" &&
		said "${leaked}1 items never queued, from its __init code"
}

# Items that are neither spare nor free: debugfs items.
items_in_use() {
	sed -n 's/.* spare=\([0-9]*\) .*/-\1/p; s/^entries=//p' \
		/sys/kernel/debug/wq_compat/items | awk '{ n += $1 } END { print n }'
}

# 3 + 2 + 4 + 6 + 6 + 2 items have leaked by now, or more: insmod may try twice. Another driver
# frees two more.
freed_at_last() {
	local left

	left=$(items_in_use)
	[ "$left" -ge 23 ] || { echo "$left items are in use"; return 1; }
	forgets "2 items never queued, from forgets_allocate+" given=2 || return 1
	[ "$(items_in_use)" -eq $((left + 2)) ] || { echo "$(items_in_use) items are in use"; return 1; }
	forget_log
	unload wqc_witness && unload wq_compat &&
		said "wq_compat: $left items freed that their drivers never freed" || return 1
	! said "Objects remaining" >/dev/null || { echo "the slab reports what is left"; return 1; }
}

t bursts_of_items_are_allocated bursts
t memory_of_items_is_bounded cache_is_bounded
t modules_unload unload wq_compat
t items_never_freed_are_reported_at_rmmod never_freed
t items_never_freed_are_reported_once reported_once
t items_never_queued_nor_freed_are_reported never_queued
t items_that_init_code_left_are_reported init_code
t items_that_a_plain_client_left_are_reported of_a_plain_client
t items_that_a_failed_load_left_are_reported of_a_failed_load
t driver_is_not_blamed_for_items_of_others of_another
t items_never_freed_are_freed_with_the_module freed_at_last
t no_leaks no_leaks
