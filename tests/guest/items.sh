# shellcheck shell=dash
# Memory of the items that calls hand out: bursts of them, and how many are kept.

# ---- memory of many items ------------------------------------------------------------------

entries() { sed -n 's/^entries=//p' /sys/kernel/debug/wq_compat/items; }
entries_are_at_most() { [ "$(entries)" -le "$1" ] || { entries; return 1; }; }

# burst PARAM...: all on one CPU; sets $got.
burst() {
	taskset 2 insmod wqc_burst.ko "$@" && got=$(cat /sys/module/wqc_burst/parameters/got) &&
		unload wqc_burst
}

# On PREEMPT_RT there is only a reserve with interrupts off, and a thread does not use it up.
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

# What is allocated on a CPU, and freed there by a routine or by who cannot be preempted.
cache_is_bounded() {
	local before

	before=$(entries)
	burst posts=25000 && [ "$got" -eq 25000 ] || return 1
	figures "25000 dispatches: $before entries before, $(entries) after"
	entries_are_at_most $((before + 1000)) || return 1
	before=$(entries)
	burst count=20000 free_off=1 && [ "$got" -eq 20000 ] || return 1
	eventually entries_are_at_most $((before + 16384)) && unload wq_compat
}

t bursts_of_items_are_allocated bursts
t memory_of_items_is_bounded cache_is_bounded
t no_leaks no_leaks
