# shellcheck shell=dash
# On several CPUs, at the same time: how many runners a burst wakes.
delayed_kicks() {
	sed -n 's/^class=Delayed .* kicks=\([0-9]*\) .*/\1/p' /sys/kernel/debug/wq_compat/queues |
		awk '{ n += $1 } END { print n }'
}

bursts() {
	local before after all

	for _ in 1 2 3 4 5 6 7 8 9; do
		before=$(delayed_kicks)
		load wqc-bench run=kicks && unload wqc-bench || return 1
		after=$(delayed_kicks)
		all="$all $((after - before))"
	done
	echo "bench: kicks io_delayed$all" >/dev/kmsg
}

t module_loads load wq-compat
t bench_runs bursts
t module_unloads unload wq_compat
