# shellcheck shell=dash
# A Windows driver, tests/drivers, is loaded and unloaded, and leaves something else behind each
# time.

load_both() {
	load wq-compat max_runners_any=8 && load nt-compat && load lender
}

# Its registry path says what it leaves.
services='\Registry\Machine\System\CurrentControlSet\Services'
leave() {
	forget_log
	load leaver registry_path="\\Leaver\\$1"
}

registry_path() {
	local path='\Registry\Machine\Mine'

	forget_log
	load leaver && said "leaver: path $services\leaver" && unload leaver || return 1
	said "leaver: unloads" || return 1
	load leaver registry_path="$path" && said "leaver: path $path" || return 1
	[ "$(cat /sys/module/leaver/parameters/registry_path)" = "$path" ] && unload leaver
}

# The reader of a parameter is a user's process.
user_process() {
	load wqc_process && [ "$(cat /sys/module/wqc_process/parameters/system)" = "0 0" ] &&
		unload wqc_process
}

failing_entry() {
	! leave Fail 2>/dev/null || { echo "it was loaded"; return 1; }
	said "leaver: DriverEntry" && [ ! -e /sys/module/leaver ] && load leaver && unload leaver
}

memory() {
	leave Memory && unload leaver || return 1
	said "pool memory not freed by its driver (0xC4/62): leaver: tag 'Leak': 3 blocks, 300 bytes" &&
		said "leaver: tag 'Oher': 1 blocks, 5000 bytes" &&
		said "leaver: tag 'Init': 1 blocks, 200 bytes, one from its __init code" || return 1
	! said "tag 'Free'" || { echo "what was freed is said to be left"; return 1; }
	# The next driver is not reported for the leaks of this one.
	forget_log
	load leaver && unload leaver && ! said "not freed"
}

key() {
	leave Key && unload leaver || return 1
	said "registry key not closed by its driver (misuse): key Software, opened by LeaveKey" &&
		said "key User, opened by its driver's __init code" || return 1
	forget_log
	load leaver && unload leaver && ! said "not closed"
}

timer() {
	leave Timer && usleep 50000 && unload leaver || return 1
	said ", DPC LeftTick [leaver]" && said ", set by its driver's __init code, DPC"
}

# The leak is reported, and after rmmod, or insmod, the memory is not written to.
lent_timers() {
	leave Lent || return 1
	said "in __init memory of leaver, set by LenderSet" || return 1
	usleep 50000
	unload leaver && usleep 50000 || return 1
	[ "$(dmesg | grep -c "in memory of leaver, set by LenderSet")" = 3 ] || {
		echo "not each of three timers is reported"
		return 1
	}
	[ "$(dmesg | grep -c "in memory of leaver, .*DPC LenderTick \[lender\]")" = 2 ]
}

lent_dpc() {
	leave LentDpc && unload leaver && said "lender: the last of many DPCs"
}

callback() {
	leave Callback && usleep 50000 && unload leaver && usleep 50000 || return 1
	said "in memory of leaver, set by LenderCall" && said "DPC LeftCallback [leaver]"
}

# A call after the unload would be one of freed memory. lender starts the timer again.
io_timer() {
	leave IoTimer && usleep 1200000 && unload leaver && usleep 1200000 || return 1
	said "set by LenderTime" && said "DPC LeftIoTimer [leaver]" && unload lender &&
		said "timer of device" && load lender
}

# By a thread that runs on after the unload.
mutex() {
	leave Mutex && unload leaver || return 1
	said "freed memory contains an owned mutex (0x139/3): mutex" &&
		said ", memory of leaver"
}

# The thread that waits, of another module, returns from its wait with an error.
event() {
	leave Event && unload leaver || return 1
	said "contains an object that is waited for (0x139/3): object" &&
		said ", 1 waits, memory of leaver" &&
		eventually said "lender: the wait ended with c0000001"
}

chain() {
	leave Chain && usleep 50000 && unload leaver
}

# On a CPU without DPCs: see LeaveDpcs().
dpcs() {
	local status

	taskset -p 4 $$ >/dev/null || return 1
	leave Dpcs && unload leaver
	status=$?
	taskset -p f $$ >/dev/null && [ "$status" = 0 ] && said "leaver: the last of many DPCs"
}

thread() {
	leave Thread && unload leaver && said "is over"
}

sleeper() {
	leave Sleeper && unload leaver && said "is over" || return 1
	said "rmmod of leaver waits for the thread of LeftThread [leaver]"
}

resource() {
	leave Resource && unload leaver || return 1
	said "freed memory contains a resource (0xC4/D2): resource" && said ", memory of leaver"
}

filter() {
	leave Filter && unload leaver && said "leaver: the filter's item has run" || return 1
	said "rmmod of leaver waits for the item of LeftFlt [leaver]" &&
		said "leaver: tag 'FltF': 1 blocks"
}

worker() {
	leave Worker && unload leaver && said "leaver: the worker's item has run" || return 1
	said "leaver: tag 'KsWk': 1 blocks"
}

irps() {
	forget_log
	load pender && unload pender || return 1
	said "pender: completed with 0" && said "rmmod of pender waits for an IRP of PenderPend [pender]"
}

# The first is started, the second waits in the queue of the device.
queued_irps() {
	forget_log
	load pender registry_path='\Pender\Queue' && unload pender || return 1
	said "pender: starts the second" && said "rmmod of pender waits for an IRP of PenderQueue [pender]" ||
		return 1
	[ "$(dmesg | grep -c "pender: completed with 0")" = 2 ] || { echo "not both are completed"; return 1; }
}

irps_left() {
	forget_log
	load pender registry_path='\Pender\Leave' && unload pender || return 1
	said "IRP not freed by its driver (0xC4/62)" || return 1
	said "device not detached by its driver (0xC9/201)" &&
		said "file object not dereferenced by its driver (0xC4/62)" || return 1
	forget_log
	load pender && unload pender && ! said "by its driver"
}

signed_char() { leave Byte && unload leaver; }

# Calls that are not here report once for each place. Its unload is reported by a second load.
windows_environment() {
	local call round

	for round in 1 2; do
		forget_log
		if ! load msvc || ! unload msvc || ! said "msvc: 20 checks"; then
			echo "in round $round"
			return 1
		fi
		! said "msvc: wrong" || { dmesg | grep -F "msvc: wrong"; return 1; }
		for call in "ZwOpenSection, called by DriverEntry" "CcIsThereDirtyData, called by" \
			"IoGetConfigurationInformation, called by"; do
			[ "$(dmesg | grep -c -F "call that is not implemented (0xC0000002): $call")" = 1 ] || {
				echo "'$call' is not reported once"
				return 1
			}
		done
	done
}

held_by_driver() {
	load leaver || return 1
	! rmmod nt_compat 2>/dev/null || { echo "nt_compat was unloaded while a driver uses it"; return 1; }
	unload leaver
}

t modules_load load_both
t user_is_not_the_system user_process
t registry_path_is_a_parameter registry_path
t entry_that_fails_fails_the_load failing_entry
t memory_left_behind_is_listed_by_tag memory
t key_left_open_is_reported key
t timer_left_set_is_cancelled_and_reported timer
t timer_of_another_in_its_data_is_cancelled lent_timers
t dpc_of_another_in_its_data_has_run lent_dpc
t callback_of_anothers_timer_is_not_called callback
t timer_of_a_device_left_set_is_cancelled io_timer
t mutex_of_anothers_thread_in_its_data_is_forgotten mutex
t wait_for_an_object_in_its_data_ends_with_an_error event
t chain_of_timer_and_item_ends_with_its_driver chain
t rmmod_waits_for_dpcs_that_go_from_cpu_to_cpu dpcs
t rmmod_waits_for_threads thread
t long_wait_names_the_thread sleeper
t resource_left_behind_is_reported resource
t rmmod_waits_for_items_of_filters filter
t rmmod_waits_for_items_of_workers worker
t rmmod_waits_for_irps_and_names_them irps
t rmmod_waits_for_irps_in_a_device_queue queued_irps
t irps_left_behind_are_reported irps_left
t char_is_signed signed_char
t windows_environment_is_there windows_environment
t module_is_held_by_its_driver held_by_driver
t modules_unload unload lender nt_compat wq_compat
t no_leaks no_leaks
