# shellcheck shell=dash disable=SC2154 # scale is from /wqc/env
# Drivers whose sources are unchanged Windows sources: tests/clients, samples/journal. Each
# checks laws of its own. When it is unloaded, it prints whether they hold and how many it has
# checked: a law that was not checked fails the test.

# name:laws, in an order in which they may be loaded.
clients="journal: drain:12 rundown:25 fsp:17 counted:9 rearm:20 nested:26 pool:12 array:12
	lookaside:8 casts:4 requeue:15 remove:7 bus:3 func:9 rdr:24 fcb:11 helpers:7 startio:15 settings:18"

name() { echo "${1%%:*}"; }
module() { case $1 in journal:*) echo journal ;; *) echo "wqcl_$(name "$1")" ;; esac; }
laws() { case $1 in *:?*) echo "laws=${1#*:}" ;; *) echo "taken=" ;; esac; }

over() { dmesg | grep -q -F -e " $(name "$1"): over"; }

# start CLIENT, finish CLIENT: loads it; unloads it, and checks its result.
start() { load "$(module "$1")"; }
finish() {
	unload "$(module "$1")" || return 1
	said " $(name "$1"): PASS $(laws "$1")" && return
	dmesg | grep -F -e " $(name "$1"): " | tail -n 20
	echo "$(name "$1") does not pass"
	return 1
}

client() {
	local c

	forget_log
	for c in $clients; do
		[ "$(name "$c")" = "$1" ] || continue
		start "$c" && eventually over "$c" && finish "$c" && eventually queues_balance
		return
	done
	echo "no client $1"
	return 1
}

# The journal is written from the documents; it fills up, and reports that.
journal() {
	client journal && said "journal: starts, its parameters are at \\Registry\\Machine" &&
		said "full=1" && said 'journal: last is "reading '
}

# The bus stays loaded while a driver uses it, and has counted the calls of that driver.
bus() {
	local status=0

	forget_log
	start bus:3 && start func:9 && eventually over func || return 1
	! rmmod wqcl_bus 2>/dev/null || { echo "the bus was unloaded while a driver uses it"; return 1; }
	finish func:9 || status=1
	finish bus:3 || status=1
	said "item without a valid IoObject" || status=1
	return "$status"
}

# Reads are pended, sent down, and cancelled wherever they are; each is completed once.
stack() {
	forget_log
	load stacklow && load stackup || return 1
	! rmmod stacklow 2>/dev/null || { echo "a driver was unloaded that another is attached to"; return 1; }
	eventually over stackup || return 1
	# Its thread has closed the device; the attachment alone is left.
	! rmmod stacklow 2>/dev/null || { echo "a driver was unloaded that another is attached to"; return 1; }
	unload stackup && unload stacklow || return 1
	said "stackup: PASS sent=480" && said "stacklow: PASS" && ! said "0xC9" && eventually queues_balance
}

registry=/sys/kernel/debug/wq_compat/registry

# The settings of a driver, with some of each kind of line that registry files have.
write_settings() {
	cat >"$registry" <<-'end'
		Windows Registry Editor Version 5.00

		; settings.c reads these
		[HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\wqcl_settings\Parameters]
		"Depth"=dword:00000020
		"Greeting"="hello \"you\""
		"Servers"=hex(7):6f,00,6e,00,65,00,00,00,66,00,6f,00,75,00,72,00,00,00,00,00
		"Blob"=hex:01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,\
		  15,16,17,18,19,1a,1b,1c,1d,1e,1f,20,21,22,23,24,25,26,27,28
		@="the default: \\ é €"
	end
}

# Settings that the administrator writes are there for the driver; what it writes is there for him.
settings() {
	write_settings && client settings && said "settings: load 1" || return 1
	grep -q -x '"Loads"=dword:00000001' "$registry" || { echo "no Loads in the file"; return 1; }
	grep -q -x -F '@="the default: \\ é €"' "$registry" || { echo "another default"; return 1; }
	client settings && said "settings: load 2"
}

# Writes lines in pieces of SIZE bytes, and tells whether a write has failed.
write_lines() { # write_lines SIZE LINE...
	local size=$1

	shift
	printf '%s\n' "$@" >/tmp/lines
	dd if=/tmp/lines of="$registry" bs="$size" 2>/dev/null
}

# Only root opens the file. What is read can be written: the tree is the same.
round_trip() {
	local key='HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\wqcl_settings'

	[ "$(stat -c %a "$registry")" = 600 ] || { echo "others can open it"; return 1; }
	cat "$registry" >/tmp/before && write_lines 4096 "[-$key]" || return 1
	! grep -q wqcl_settings "$registry" || { echo "the key is not deleted"; return 1; }
	# In pieces that end anywhere.
	dd if=/tmp/before of="$registry" bs=37 2>/dev/null || return 1
	cat "$registry" >/tmp/after && cmp /tmp/before /tmp/after && grep -q Blob /tmp/after || return 1
	# The last line has no end.
	printf '%s\n%s\n%s' "[$key\\Parameters]" '"Blob"=-' '"Depth"=dword:21' >"$registry"
	! grep -q Blob "$registry" && grep -q -x '"Depth"=dword:00000021' "$registry" || return 1
	write_settings
}

# refuses LINE SAYS TEXT...: a text whose LINE is bad changes nothing, and the log has the line.
refuses() {
	local line=$1 says=$2

	shift 2
	forget_log
	cat "$registry" >/tmp/before
	! write_lines 4096 '[HKLM\Software\Bad]' '"Before"=dword:1' "$@" || { echo "'$*' is written"; return 1; }
	said "wq_compat: registry, line $line: $says" || return 1
	cat "$registry" >/tmp/after && cmp /tmp/before /tmp/after
}

bad_lines() {
	refuses 3 "a value without =" '"x"' && refuses 3 "a string without its end" '"x"="y' &&
		refuses 3 "a backslash in a string" '"x"="\n"' &&
		refuses 3 "a dword without a number" '"x"=dword:z' &&
		refuses 3 "a comma without a byte" '"x"=hex:1,' &&
		refuses 3 "data that is no string" '"x"=5' &&
		refuses 3 "a line that is no key, value or comment" 'Windows 95' &&
		refuses 3 "something that is no key" 'x=1' &&
		refuses 3 "something that is no key" '"x"=dword:1 2' &&
		refuses 3 "a key without its bracket" '[HKLM' &&
		refuses 3 "a key that is not of HKEY_LOCAL_MACHINE" '[HKCU\x]' &&
		refuses 3 "bytes that are not UTF-8" "$(printf '"x\377"=-')" &&
		refuses 3 "a key that is always there" '[-HKLM\System]' &&
		refuses 4 "a value without a key" '[-HKLM\Software\Bad]' '"x"=-'
}

# DriverEntry runs in the system's process, as on Windows: its own requests are served inline.
redirector() {
	client rdr && said "rdr: 6 servers at once, 4 dispatched, 1 refused"
}

reversed() {
	local c r=

	for c in $clients; do
		r="$c $r"
	done
	echo "$r"
}

# All at the same time. In the first round they are unloaded while they work, except for the
# journal, which passes only after it has filled up.
side_by_side() {
	local c round=0 last=$((1 / scale + 1)) status=0

	while [ "$round" -lt "$last" ]; do
		round=$((round + 1))
		forget_log
		for c in $clients; do
			start "$c" || return 1
		done
		for c in $clients; do
			[ "$round" -gt 1 ] || [ "$c" = journal: ] || continue
			eventually over "$c" || status=1
		done
		for c in $(reversed); do
			finish "$c" || status=1
		done
	done
	return "$status"
}

# The only reports are those that func.c provokes.
reports() {
	awk 'NR > 1 && $1 > 0 && !/without a valid IoObject/ { print; bad = 1 }
	     END { exit bad || !NR }' /sys/kernel/debug/wq_compat/reports
}

nothing_is_left() {
	awk 'NR > 1 { print; bad = 1 } END { exit bad }' /sys/kernel/debug/wq_compat/objects
}

load_modules() { load wq-compat && load nt-compat && write_settings; }

t modules_load load_modules
t driver_written_from_the_documents journal
t one_item_drains_a_list client drain
t work_queue_is_run_down client rundown
t file_system_posts_and_parks client fsp
t counted_worker_calls_the_routines client counted
t timer_chain_arms_itself_again client rearm
t routines_queue_and_wait client nested
t pool_of_items_is_reused client pool
t items_stand_in_an_array_and_a_union client array
t packets_come_from_lookaside_lists client lookaside
t routines_are_of_other_types client casts
t items_are_queued_again_and_freed client requeue
t device_is_deleted_by_its_item client remove
t items_have_the_device_of_another_driver bus
t resource_protects_a_file client fcb
t redirector_creates_servers redirector
t drivers_in_a_stack stack
t start_io_queues_items_and_reads_are_cancelled client startio
t helpers_have_the_results_of_windows client helpers
t settings_are_read_from_the_registry settings
t registry_is_a_file_that_can_be_written_again round_trip
t bad_line_of_the_registry_changes_nothing bad_lines
t clients_run_side_by_side_and_leave_early side_by_side
t nothing_else_is_reported reports
t no_object_is_left nothing_is_left
t queues_balance_after_all eventually queues_balance
t modules_unload unload nt_compat wq_compat
t no_leaks no_leaks
