# shellcheck shell=dash
# Each command of docs/debugging.md and README.md finds a misbehaving driver. The output that
# the documents show was logged by a guest with Debian's kernel.
#
# one thread: trace events are switched on under load.

dir=/sys/kernel/debug/wq_compat

# show COMMAND: as it is typed; its output stays in /tmp/shown.
show() {
	echo "# $1"
	sh -c "$1" >/tmp/shown 2>&1
	cat /tmp/shown
}
shows() { grep -q -e "$1" /tmp/shown || { echo "it does not show '$1'"; return 1; }; }

# Not load(): the watchdog for stalled classes stays on.
load_both() { insmod wq-compat.ko "$@" && load wqc_witness; }
unload_both() { unload wqc_witness wq_compat; }

# A field of that routine's line in running: the third is the pid, the fourth the time.
field_of() { awk -v name="$1" -v n="$2" '$5 ~ name { print $n }' "$dir/running"; }
runs_for() { [ "$(field_of "$1" 4)" -ge "$2" ]; }
# A routine that ends in a tail call has no frame of its own: FRAME is one that exists.
stack_of() { # stack_of ROUTINE FRAME
	show "cat $dir/running" && shows "$1" || return 1
	show "cat /proc/$(field_of "$1" 3)/stack" && shows "$2"
}

# A driver that a failed test has left must not disturb the next test.
offender() {
	[ ! -e /sys/module/wqc_offender ] || unload wqc_offender || return 1
	load wqc_offender "$@"
}

who_floods() {
	offender && sleep 2 && show "wqc-top -1" || return 1
	shows "^Delayed  *[1-9][0-9][0-9][0-9]" || return 1
	cd /tmp && show "wqc-trace -s 0.1" && shows "^offender_floods \[wqc_offender\]  *[1-9]" &&
		shows "^worst waiting" && unload wqc_offender
}

who_sleeps() {
	offender what=sleep && eventually runs_for offender_sleeps 3000 || return 1
	show "wqc-top -1" && shows "HyperCritical .* offender_sleeps.*~ \[wqc_offender\]" &&
		stack_of offender_sleeps offender_sleeps && unload wqc_offender
}

waits_is_said() { dmesg | grep -q "rmmod of wqc_client waits for routine"; }
what_blocks_rmmod() {
	local rmmod

	forget_log
	load wqc_client class=1 tail_ms=9000 || return 1
	eventually runs_for client_ex 1 || return 1
	rmmod wqc_client &
	rmmod=$!
	eventually waits_is_said && show "dmesg | grep wq_compat" &&
		shows "rmmod of wqc_client waits for routine client_ex .*, running for" &&
		stack_of client_ex msleep && shows wqc_runner_drain && wait "$rmmod"
}

what_leaked() {
	offender what=leak && show "cat $dir/objects" &&
		shows "^device .* wqc_offender " || return 1
	forget_log
	show "rmmod wqc_offender; dmesg | grep wq_compat" &&
		shows "device not deleted by its driver (0xCE): device .* of driver wqc_offender" &&
		show "grep -v '^0 ' $dir/reports" && shows "^1 0xCE device not deleted by its driver$"
}

stall_is_said() { dmesg | grep -q "task:kworker"; }
stall_is_named() {
	show dmesg && shows "class Delayed, CPU 0: 3 items wait, first for routine witness_block" &&
		shows "4 runs of routine witness_block" && shows " witness_block+0x"
}
which_class_stands_still() {
	local status=1

	unload_both && load_both max_runners_any=4 stall_s=3 || return 1
	forget_log
	witness gate 0
	witness block 7 0 1
	if eventually stall_is_said; then
		sleep 1
		stall_is_named && status=0
	fi
	witness gate 1
	eventually nothing_is_lost && return "$status"
}

# README.md
many_threads() {
	load wqc_storm && sleep 1 && show "wqc-top -1" &&
		shows "^Delayed  *[1-9]" && shows "^Critical  *[1-9]" && shows "^HyperCritical  *[1-9]" &&
		unload wqc_storm && eventually nothing_is_lost
}
command_is_recorded() {
	show "wqc-trace -o /tmp/t.json sh -c 'insmod wqc_client.ko class=1 count=20 sleep_ms=20 requeue=2; insmod wqc_minirdr.ko; sleep 1'" &&
		shows "^client_ex \[wqc_client\]  *60  *60 " && shows "^RdrContinue " && shows "^RdrScavenge " &&
		unload wqc_client wqc_minirdr && hand_out command.trace.json /tmp/t.json
}

t modules_load load_both
t who_floods_a_class_is_found who_floods
t who_sleeps_in_hypercritical_is_found who_sleeps
t what_blocks_rmmod_is_found what_blocks_rmmod
t what_leaked_is_found what_leaked
t load_of_many_threads_is_shown many_threads
t what_a_command_does_is_recorded command_is_recorded
t class_that_stands_still_is_found which_class_stands_still
t modules_unload unload_both
