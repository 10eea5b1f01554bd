# shellcheck shell=dash disable=SC2154 # long is from /wqc/env, and f_... from figures
# cpus: 8
# Load of all kinds: during CPU hotplug, for millions of items, and through a suspend.

parameters=/sys/module/wqc_mix/parameters

load_modules() { load wq-compat && load wqc_witness; }

# ---- CPU hotplug --------------------------------------------------------------------------

start_over() {
	local cpu

	for cpu in $(every_other_cpu); do
		cpu_comes "$cpu" 2>/dev/null
	done
	[ ! -e /sys/module/wqc_mix ] || unload wqc_mix
}

is_online() { [ "$(cat "/sys/devices/system/cpu/cpu$1/online")" = 1 ]; }

# A random CPU goes offline if it is online, and online if it is not. When the posts have been
# stopped, all items have to run although some CPUs are offline.
cpus_at_random() {
	local number left on off=0 cpus

	number=$(how_often 16 1000)
	left=$number
	cpus=$(every_other_cpu | wc -l)
	seed "$number"
	forget_log
	load wqc_mix seed="$number" || return 1
	while [ "$left" -gt 0 ] || [ "$off" -lt 2 ]; do	# the last two stay offline
		left=$((left - 1))
		random "$cpus"
		on=$((random + 1))
		if is_online "$on"; then
			cpu_goes "$on" || return 1
			off=$((off + 1))
		else
			cpu_comes "$on" || return 1
			off=$((off - 1))
		fi
	done
	# The storm runs on without them too.
	read_figures
	eventually goes_on "$f_ran" "$f_fired" && storm_ends || return 1
	figures "CPUs went offline or online $((number - left)) times, $off are off at the end, seed $number: $(cat "$parameters/figures")"
	for on in $(every_other_cpu); do
		cpu_comes "$on" 2>/dev/null
	done
	! said "another affinity" >/dev/null || { dmesg | grep "another affinity"; return 1; }
	for on in 0 1 2; do
		[ "$(column "$(class_name "$on")" queued)" -gt 0 ] || { echo "class $on was not used"; return 1; }
	done
	unload wqc_mix
}

class_name() { # class_name NUMBER
	echo "Critical Delayed HyperCritical" | cut -d ' ' -f $(($1 + 1))
}

all_at_home() {
	local cpu

	start_over || return 1
	for cpu in $(every_other_cpu); do
		rt_threads_are_home "$cpu" || return 1
	done
}

# ---- millions -----------------------------------------------------------------------------

runners() {
	awk '/^class=/ {
		for (i = 2; i <= NF; i++) {
			split($i, f, "=")
			if (f[1] == "idle" || f[1] == "busy")
				sum += f[2]
		}
	}
	END { print sum + 0 }' /sys/kernel/debug/wq_compat/queues
}
our_threads() { grep -l '^wqc_' /proc/[0-9]*/comm 2>/dev/null | wc -l; }
kworkers() { grep -l '^kworker' /proc/[0-9]*/comm 2>/dev/null | wc -l; }

# Used memory in kB, without free pages on the lists of the CPUs (zoneinfo), which may be many
# megabytes, and without what the kernel keeps as long as there is room. The kernel keeps kworkers
# for five minutes, which the module does not control: 40 kB is the size of one.
used() {
	awk -v kworkers="$(kworkers)" '/^MemTotal:/ { n += $2 }
		/^MemFree:|^Cached:|^Buffers:|^SReclaimable:/ { n -= $2 }
		$1 == "count:" { n -= 4 * $2 }
		END { print n - 40 * kworkers }' /proc/meminfo /proc/zoneinfo
}

# Two MB are the slabs and per-CPU pages that fill up meanwhile, and no leak: for ten million
# items, a leak of one byte an item would be ten.
is_as_before() { # is_as_before RUNNERS THREADS KB
	[ "$(runners)" -le "$1" ] && [ "$(our_threads)" -le "$2" ] &&
		[ "$(used)" -le $(($3 + 2048)) ] && return
	echo "$(runners) runners, $(our_threads) threads, $(used) kB; were $*"
	return 1
}

within_a_minute() {
	local tries=0

	until "$@" >/tmp/within; do
		tries=$((tries + 1))
		[ "$tries" -lt 120 ] || { cat /tmp/within; return 1; }
		usleep 500000
	done
}

# Without a limit, as long as items run.
comes_to_its_end() {
	local last=-1

	until eventually storm_is_over >/tmp/over; do
		read_figures
		[ "$f_ran" -gt "$last" ] || { cat /tmp/over; return 1; }
		last=$f_ran
	done
}

millions() {
	local number before after threads most kept surplus=0 cpus

	# A one-time growth by a storm, such as that of tables, does not count.
	load wqc_mix count=5000 && eventually storm_is_over && unload wqc_mix || return 1
	unload wqc_witness wq_compat && load wq-compat && load wqc_witness || return 1
	number=$(how_often 300000 10000000)
	before=$(runners) threads=$(our_threads) after=$(used)
	cpus=$(nproc)
	# What the queues of a CPU keep once they needed more than at first: four threads, not one, and
	# 16 runners on each of four workqueues.
	kept=$((cpus * (4 + 4 * 16)))
	threads=$((threads + 3 * cpus)) after=$((after + 100 * cpus))
	load wqc_mix seed="$number" count="$number" || return 1
	comes_to_its_end && storm_laws_hold && [ "$f_posted" -ge $((number - 8)) ] || return 1
	most=$(runners)
	figures "storm of $number: $(cat "$parameters/figures"), $most runners"
	[ "$most" -gt "$kept" ] || { echo "no runner was added"; return 1; }
	# Half of the surplus exits every ten seconds, which is enough even without this wait.
	[ "$long" -ne 0 ] || surplus=$(((most - kept) / 2))
	unload wqc_mix || return 1
	within_a_minute is_as_before $((kept + surplus)) $((threads + surplus)) "$after" || return 1
	figures "afterwards $(runners) runners, $kept are kept, $before before; $(our_threads) threads, $threads are kept; $(used) kB, $after before"
}

# ---- suspend ------------------------------------------------------------------------------

# Few runners, so that blockers fill whole classes.
load_narrow() {
	start_over && unload wqc_witness wq_compat || return 1
	load wq-compat max_runners_any=8 max_runners_rt=4 && load wqc_witness
}

class_waits() {
	local depth

	depth=$(column "$(class_name "$1")" depth)
	[ "$depth" -ge 50 ] || { echo "$depth items of class $1 wait"; return 1; }
}

# Blockers fill each class; the items behind them wait through the suspend.
suspend() { # suspend LEVEL
	local before now class status=0 tests=/sys/power/pm_test

	[ -e "$tests" ] || { echo "this kernel cannot test a suspend"; return "$SKIP"; }
	grep -q mem /sys/power/state || { echo "this machine cannot suspend"; return "$SKIP"; }
	# Suspended for that many seconds; a CPU spins meanwhile.
	echo $((2 * long)) >/sys/module/suspend/parameters/pm_test_delay
	load_narrow && load wqc_mix seed=3 || return 1
	witness gate 0
	witness block 4
	witness fill 50
	for class in 0 1 2; do
		class_waits "$class" || { witness gate 1; return 1; }
	done
	read_figures
	before=$f_ran now=$f_fired
	echo "$1" >"$tests"
	if ! echo mem >/sys/power/state; then
		status=1
	fi
	echo none >"$tests"
	witness gate 1
	[ "$status" -eq 0 ] || { echo "it cannot be suspended"; return 1; }
	[ "$(nproc)" -eq 8 ] || { echo "$(nproc) CPUs are back"; return 1; }
	eventually nothing_is_lost && eventually goes_on "$before" "$now" || return 1
	storm_ends || return 1
	figures "suspend to $1: $(cat "$parameters/figures")"
	unload wqc_mix
}

goes_on() {
	read_figures
	[ "$f_ran" -gt $(($1 + 1000)) ] && [ "$f_fired" -gt "$2" ] && return
	echo "the storm makes no progress"
	return 1
}

t modules_load load_modules
t nothing_is_lost_while_cpus_come_and_go_at_random cpus_at_random
t rt_threads_are_home_after_that all_at_home
t millions_run_and_leave_nothing_behind millions
t items_and_timers_survive_a_freeze suspend freezer
t items_and_timers_survive_cpus_that_are_suspended suspend processors
t rt_threads_are_home_after_the_suspend all_at_home
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
