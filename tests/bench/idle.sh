# shellcheck shell=dash
# Memory and threads of the module when nothing is queued, and the time of its load and unload.
amount() { awk -v n="$1:" '$1 == n { print $2 }' /proc/meminfo; }
memory() { echo $(($(amount Slab) + $(amount Percpu) + $(amount VmallocUsed))); }
threads() { cat /proc/[0-9]*/comm | grep -c "$1"; }
mark() { echo "bench: mark $1" >/dev/kmsg; }
figure() { echo "bench: $1 idle $2" >/dev/kmsg; }

come_and_go() {
	local cpus before

	cpus=$(nproc)
	for _ in 1 2 3; do
		before=$(memory)
		mark begin_insmod
		load wq-compat || return 1
		mark end_insmod
		# Threads that are new set themselves up.
		sleep 3
		figure memory_kb $(($(memory) - before))
		figure rt_threads "$(threads '^wqc_rt/')"
		figure threads "$(threads '^wqc_')"
		mark begin_rmmod
		unload wq_compat || return 1
		mark end_rmmod
	done
	figure cpus "$cpus"
}

sizes() {
	load wq-compat && load wqc-bench run=sizes && unload wqc-bench wq_compat
}

t module_comes_and_goes come_and_go
t bench_says_sizes sizes
