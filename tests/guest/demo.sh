# shellcheck shell=dash
# The output of "make demo": lines of the kernel's log that begin with "demo: ".

show() { echo "demo: $*" >/dev/kmsg; }

# The counters of debugfs, a number for each class: the sum over the CPUs.
show_counters() {
	awk '/^class=/ {
		for (i = 1; i <= NF; i++) {
			split($i, f, "=")
			v[f[1]] = f[2]
		}
		c = v["class"]
		if (c ~ /^Rx/)
			next
		if (!(c in q))
			order[++n] = c
		q[c] += v["queued"]; s[c] += v["started"]; d[c] += v["finished"]
		k[c] += v["kicks"]; r[c] += v["idle"] + v["busy"]
		if (v["peak_depth"] > p[c])
			p[c] = v["peak_depth"]
	}
	END {
		printf "%-13s %8s %8s %8s %13s %6s %8s\n", "class", "queued", "started",
			"finished", "most waiting", "kicks", "runners"
		for (i = 1; i <= n; i++) {
			c = order[i]
			printf "%-13s %8d %8d %8d %13d %6d %8d\n", c, q[c], s[c], d[c], p[c],
				k[c], r[c]
		}
	}' /sys/kernel/debug/wq_compat/queues | while IFS= read -r line; do
		show "$line"
	done
}

unload_and_time() {
	local from now

	read -r from now </proc/uptime
	unload "$1" || return 1
	read -r now _ </proc/uptime
	show "rmmod took $(echo "$from $now" | awk '{ printf "%d", ($2 - $1) * 1000 }') ms"
}

show ""
show "# insmod wq-compat.ko"
t module_loads load wq-compat
show "# insmod wqc_demo.ko          samples/wqc_demo.c, a Windows-style driver"
t driver_loads load wqc_demo
if [ -e /sys/kernel/debug/wq_compat/queues ]; then
	show ""
	show "# the counters of debugfs wq_compat/queues"
	show_counters
fi
show ""
show "# rmmod wqc_demo              with work items in flight"
t driver_unloads unload_and_time wqc_demo
show ""
show "# insmod wqc_minirdr.ko       samples/wqc_minirdr.c, a mini-redirector"
t minirdr_loads load wqc_minirdr
show "# rmmod wqc_minirdr           with its exchanges and its timer in flight"
t minirdr_unloads unload_and_time wqc_minirdr
show "# rmmod wq_compat"
t module_unloads unload wq_compat
