# shellcheck shell=dash
# The module's parameters, and the files in which it shows its state.

files=/sys/kernel/debug/wq_compat
cpus=$(nproc)

# refused PARAMETER=VALUE MESSAGE
refused() {
	forget_log
	! load wq-compat "$1" 2>/dev/null || { unload wq_compat; echo "$1 was accepted"; return 1; }
	said "$2" && [ ! -e /sys/module/wq_compat ]
}

bad_values() {
	refused max_runners_any=0 "wq_compat: max_runners_any=0: must be 1 to 512" &&
		refused max_runners_any=513 "wq_compat: max_runners_any=513: must be 1 to 512" &&
		refused max_runners_cpu=0 "wq_compat: max_runners_cpu=0: must be 1 to 512" &&
		refused max_runners_cpu=513 "wq_compat: max_runners_cpu=513: must be 1 to 512" &&
		refused max_runners_rt=0 "wq_compat: max_runners_rt=0: must be 1 to 4096" &&
		refused max_runners_rt=4097 "wq_compat: max_runners_rt=4097: must be 1 to 4096" &&
		refused rt_priority=0 "wq_compat: rt_priority=0: must be 1 to 98" &&
		refused rt_priority=99 "wq_compat: rt_priority=99: must be 1 to 98" &&
		refused verifier=3 "\`3' invalid for parameter \`verifier'" &&
		refused torture=32 "\`32' invalid for parameter \`torture'" &&
		refused torture_refuse=101 "\`101' invalid for parameter \`torture_refuse'" &&
		refused max_runners_rt=lots "\`lots' invalid for parameter \`max_runners_rt'"
}

load_limited() {
	load wq-compat max_runners_any=8 max_runners_rt=2 rt_priority=10 && load wqc_witness
}

# stays NAME NUMBER: for as long as a wrong result would need to show
stays() {
	usleep 500000
	counts "$1" "$2" || { echo "$1 is $(count "$1"), not $2"; return 1; }
}

# Restores the state of the start, after a failed test too.
let_all_go() {
	witness gate 1
	eventually nothing_is_lost && witness gate 0
}

# limit CLASS MOST COUNT [CPU]: of COUNT blockers MOST run at the same time, then one more for
# each that ends.
limit() {
	local class=$1 most=$2 number=$3 cpu=${4:--1} ran

	let_all_go || return 1
	ran=$(count ran)
	witness block "$number" "$cpu" "$class"
	eventually counts inside "$most" && stays inside "$most" || return 1
	witness release 1
	eventually counts ran $((ran + 1)) && eventually counts inside "$most" || return 1
	stays inside "$most" && let_all_go
}

limits_from_all_cpus() {
	limit 1 8 4 && limit 0 8 4 && limit 2 $((2 * cpus)) 4
}
limit_from_one_cpu_rt() { limit 2 2 5 1; }
limit_from_one_cpu() { limit 1 8 9 1 && limit 0 8 9 2; }

# changed CLASS PARAMETER LOW HIGH: items that wait at the low limit start when it is raised. When it
# is lowered again, threads above it end as soon as they are idle.
changed() {
	local file=/sys/module/wq_compat/parameters/$2

	let_all_go || return 1
	witness block $(($4 + 1)) 1 "$1"
	eventually counts inside "$3" && stays inside "$3" || return 1
	sh -c "echo 0 >$file || echo 4097 >$file" 2>/dev/null && { echo "a bad value was accepted"; return 1; }
	[ "$(cat "$file")" = "$3" ] || return 1
	echo "$4" >"$file" && eventually counts inside "$4" && stays inside "$4" && let_all_go ||
		return 1
	echo "$3" >"$file" && [ "$(cat "$file")" = "$3" ] && sleep 4 || return 1
	witness block $(($4 + 1)) 1 "$1"
	eventually counts inside "$3" && stays inside "$3" && let_all_go
}
limits_change() { changed 1 max_runners_any 8 12 && changed 2 max_runners_rt 2 6; }

# A class is at its limit; the others start items.
others_go_on() {
	local full other

	for full in 0 1 2; do
		let_all_go || return 1
		witness block 4 -1 "$full"
		eventually counts inside 8 || return 1
		for other in 0 1 2; do
			[ "$other" -ne "$full" ] || continue
			load wqc_client class="$other" count=4 && unload wqc_client || return 1
		done
		stays inside 8 && let_all_go || return 1
	done
}

load_default() {
	let_all_go && unload wqc_witness wq_compat && load wq-compat && load wqc_witness
}

# 240 of 256, posted on all CPUs at the same time: none may wait for another.
blockers_do_not_wait() {
	local class

	for class in 1 0 2; do
		let_all_go || return 1
		witness block $((240 / cpus)) -1 "$class"
		eventually counts inside $((240 / cpus * cpus)) && continue
		echo "class $class: $(count inside) run, the others wait"
		witness gate 1
		return 1
	done
	let_all_go
}

all_have_priority() {
	local pid pids

	pids=$(grep -l '^wqc_rt/' /proc/[0-9]*/comm | cut -d/ -f3)
	[ -n "$pids" ] || return 1
	for pid in $pids; do
		[ "$(awk '{ print $41, $40 }' "/proc/$pid/stat")" = "1 $1" ] ||
			{ echo "pid $pid is not FIFO $1"; return 1; }
	done
}

# Changes all threads of the class, idle ones too; the guard keeps a higher priority.
rt_priority_changes() {
	local file=/sys/module/wq_compat/parameters/rt_priority pid guards

	! sh -c "echo 99 >$file" 2>/dev/null || { echo "99 was accepted"; return 1; }
	! sh -c "echo 0 >$file" 2>/dev/null || { echo "0 was accepted"; return 1; }
	[ "$(cat "$file")" = 10 ] && echo 33 >"$file" && all_have_priority 33 || return 1
	guards=$(grep -l '^wqc_guard' /proc/[0-9]*/comm | cut -d/ -f3)
	for pid in $guards; do
		[ "$(awk '{ print $41, $40 }' "/proc/$pid/stat")" = "1 34" ] ||
			{ echo "the guard is not FIFO 34"; return 1; }
	done
	load wqc_client count=8 class=2 && unload wqc_client && nothing_is_lost &&
		all_have_priority 33 && echo 10 >"$file" && all_have_priority 10
}

# Only root may read them: they contain addresses, and take locks.
files_are_roots() {
	local name

	set -- "$files"/*
	[ $# -eq 8 ] || { echo "not eight files"; return 1; }
	for name in queues running drivers objects items reports rxlog timers; do
		if [ "$(stat -c "%a %u" "$files/$name")" != "400 0" ] ||
		   [ -z "$(cat "$files/$name")" ]; then
			echo "$name is not for root alone, or empty"
			return 1
		fi
	done
}

# Only root may write a parameter.
parameters_are_roots() {
	local open

	open=$(find /sys/module/wq_compat/parameters -type f ! -user 0 -o -type f -perm /022)
	[ -z "$open" ] || { echo "others may write $open"; return 1; }
	[ -w /sys/module/wq_compat/parameters/verifier ]
}

# %p prints a hash, whose upper half is 0, or no address while the kernel has no key for it.
no_address_is_shown() {
	forget_log
	load wqc_minirdr && load wqc_client api=ioex foreign=1 || return 1
	cat "$files"/* >/tmp/shown
	unload wqc_client wqc_minirdr || return 1
	dmesg >>/tmp/shown
	grep -q -E "^device  (00000000|[(]____ptrval)" /tmp/shown || { echo "no device is shown"; return 1; }
	! grep -E -i '(^|[^0-9a-f])ff[0-9a-f]{14}([^0-9a-f]|$)' /tmp/shown
}

# Limits that accept the greatest number.
extreme_values() {
	local dir=/sys/module/wq_compat/parameters name

	forget_log
	for name in stall_s runaway_ms; do
		! echo 4294967296 2>/dev/null >"$dir/$name" || { echo "$name has no end"; return 1; }
		echo 4294967295 >"$dir/$name" || return 1
	done
	load wqc_client count=4 sleep_ms=1100 && unload wqc_client && nothing_is_lost || return 1
	for name in "keeps CPU" "none has finished"; do
		! said "$name" >/dev/null || { echo "$name"; return 1; }
	done
	# A bit more than 32 bits of jiffies, at 250 a second.
	echo 17179870 >"$dir/stall_s" && witness gate 0 && witness block 16 0 1 && sleep 5
	witness gate 1
	eventually nothing_is_lost || return 1
	! said "none has finished" >/dev/null || { echo "a limit of 17179870 s is none"; return 1; }
	echo 0 >"$dir/stall_s" && echo 500 >"$dir/runaway_ms"
}

verifier_is_set_at_run_time() {
	local file=/sys/module/wq_compat/parameters/verifier

	[ "$(cat "$file")" = 1 ] && echo 0 >"$file" && [ "$(cat "$file")" = 0 ] || return 1
	! sh -c "echo 3 >$file" 2>/dev/null || { echo "3 was accepted"; return 1; }
	[ "$(cat "$file")" = 0 ]
}

t bad_values_are_refused bad_values
t module_loads_with_small_limits load_limited
t runner_limit_holds limits_from_all_cpus
t rt_limit_is_a_cpus_own limit_from_one_cpu_rt
t one_cpu_may_have_all_runners_of_a_class limit_from_one_cpu
t limits_can_be_changed limits_change
t class_at_its_limit_holds_up_no_other others_go_on
t rt_priority_is_as_asked_for all_have_priority 10
t rt_priority_can_be_changed rt_priority_changes
t files_are_for_root files_are_roots
t parameters_are_for_root parameters_are_roots
t no_address_is_shown no_address_is_shown
t extreme_values_do_no_harm extreme_values
t verifier_is_set_at_run_time verifier_is_set_at_run_time
t module_loads_with_default_limits load_default
t blockers_never_wait_for_each_other blockers_do_not_wait
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
