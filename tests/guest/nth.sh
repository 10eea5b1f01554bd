# shellcheck shell=dash disable=SC2154 # scale is from /wqc/env
# insmod while its n-th allocation fails, for every n until none fails, and while the n-th
# allocation of kthreadd, which creates the threads, fails: a clean error that leaves nothing
# behind, or a module that works. Every n in "make check-long", each fourth in "make check",
# fewer on a kernel with all checks.

nth=/sys/module/wqc_nth/parameters
log=/tmp/nth

# The fewest runners: each of them is made in the same way.
small="max_runners_any=1 max_runners_cpu=1 max_runners_rt=1"

inject() { any_allocation_may_fail && load wqc_nth; }

# Only built-in commands of the shell: this runs for every n.
leftover() {
	local file name

	for file in "/sys/module/$1" /sys/kernel/slab/ntc_block /sys/kernel/debug/wq_compat \
		/sys/kernel/slab/wqc_item /sys/kernel/tracing/events/wq_compat \
		/sys/devices/virtual/workqueue/wqc_*; do
		# The kernel leaves the sysfs link of a merged cache behind.
		[ ! -e "$file" ] || [ -L "$file" ] || { echo "$file is left"; return 1; }
		[ "$1$file" != nt_compat/sys/kernel/slab/ntc_block ] || break
	done
	while read -r name file; do
		case $1$file in wq_compatwq_compat*) echo "the CPU state $file is left"; return 1 ;; esac
	done </sys/devices/system/cpu/hotplug/states
	for file in /proc/[0-9]*/comm; do
		{ read -r name <"$file"; } 2>/dev/null || continue
		case $1,$name in
		wq_compat,wqc_* | wq_compat,kworker/R-wqc* | *,nt_ex_timer | *,kworker/R-nt_ex*)
			echo "the thread $name is left"
			return 1
			;;
		esac
	done
}

# A stopped thread stays visible for a moment.
nothing_is_left() {
	leftover "$1" >/dev/null || eventually leftover "$1"
}

# A module that is loaded although an allocation failed has to work.
works() {
	[ "$1" = nt_compat ] && return
	load wqc_witness && load wqc_client class=-1 count=3 && unload wqc_client wqc_witness
}

# Sets n to the first allocation that did not fail, and counts the results.
every_nth() { # every_nth MODULE PARAMETERS
	local name step left loaded=0 refused=0

	name=$(echo "$1" | tr - _)
	step=$(((scale + 3) / 4))
	[ "${long:?}" -eq 1 ] || step=$((scale > 4 ? scale : 4))
	n=1
	echo "$name" >"$nth/victim"
	while :; do
		echo "$n" >"$nth/nth"
		# shellcheck disable=SC2086 # words are meant
		if insmod "$1.ko" $2 2>"$log"; then
			read -r left <"$nth/left"
			# No allocation failed, and the load succeeded: that was the last one.
			[ "$left" -eq 0 ] || break
			loaded=$((loaded + 1))
			works "$name" && unload "$name" || return 1
		else
			read -r left <"$nth/left"
			refused=$((refused + 1))
			# EAGAIN: the status of fork() without memory for the new thread's pid.
			grep -q -i "cannot allocate memory\|out of memory\|temporarily unavailable" "$log" || {
				echo "n = $n: $(cat "$log")"
				return 1
			}
			[ "$left" -eq 0 ] || { echo "n = $n: none failed: $(cat "$log")"; return 1; }
		fi
		nothing_is_left "$name" || { echo "n = $n: $(cat /tmp/eventually)"; return 1; }
		n=$((n + step))
	done
	unload "$name" && nothing_is_left "$name" || return 1
	[ "$refused" -gt 0 ] || { echo "no load was refused"; return 1; }
	tries=$((loaded + refused))
	echo 0 >"$nth/nth"
	figures "$1: $tries loads in which one of$(
		[ "$(cat "$nth/threads")" = N ] || echo " kthreadd's"
	) $((n - 1)) allocations fails, every $step: $refused refused, $loaded complete without it"
}

percpu_kb() { awk '/^Percpu:/ { print $2 }' /proc/meminfo; }

# Per-CPU memory is allocated in chunks, of which one may stay.
own_allocations() {
	local before

	load wq-compat && unload wq_compat || return 1
	before=$(percpu_kb)
	every_nth wq-compat "$small" || return 1
	[ "$(percpu_kb)" -le $((before + 600)) ] && return
	echo "$(percpu_kb) kB of per-CPU memory, $before kB before"
	return 1
}

threads_allocations() {
	local status=0

	echo Y >"$nth/threads"
	every_nth wq-compat "$small" || status=1
	echo N >"$nth/threads"
	return "$status"
}

nt_allocations() {
	load wq-compat && every_nth nt-compat "" && unload wq_compat
}

loads_afterwards() {
	load wq-compat && load wqc_witness && load wqc_client class=-1 count=50 &&
		unload wqc_client && nothing_is_lost && eventually queues_balance &&
		unload wqc_witness wq_compat && nothing_is_left wq_compat
}

t failures_can_be_injected inject
t failed_insmod_leaves_nothing own_allocations
t insmod_that_gets_no_threads_leaves_nothing threads_allocations
t failed_insmod_of_nt_compat_leaves_nothing nt_allocations
t module_loads_and_works_afterwards loads_afterwards
t injector_unloads unload wqc_nth
# A cache whose sysfs directory cannot be created leaks its name: sysfs_slab_add(), in 6.12.
t nothing_leaks_but_names_of_caches no_leaks sysfs_slab_add
