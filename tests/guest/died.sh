# shellcheck shell=dash
# A routine ends the thread that it runs on. On a workqueue, wq_compat cannot be unloaded
# afterwards, so this script ends without an unload.

modules_load() { load wq-compat && load wqc_witness; }

# dies CLASS: the routine is reported by name, the thread is replaced, the client can be
# unloaded.
dies() {
	forget_log
	load wqc_client class="$1" die=1 api=ioex || return 1
	eventually said \
		"routine ended its worker thread (0xE9): routine client_io_ex [wqc_client]" ||
		return 1
	unload wqc_client && nothing_is_lost
}

# Its item was the first of the class: it counts as finished.
replaced() {
	[ "$(column "$1" replaced)" -eq 1 ] || { echo "$1: not one runner replaced"; return 1; }
	[ "$(column "$1" finished)" -eq 1 ] || { echo "$1: the item has not finished"; return 1; }
}

rt_dies() { dies 2 && replaced HyperCritical; }
kworker_dies() { dies 1 && said "wq_compat can no longer be unloaded" && replaced Delayed; }

# Ten blockers a CPU run at the same time.
class_goes_on() {
	local most=$((10 * $(nproc)))

	witness gate 0
	witness block 10 -1 "$1"
	eventually counts inside "$most" || return 1
	witness gate 1
	eventually nothing_is_lost && eventually queues_balance
}

# Like an item that was initialised again while it was queued: the call is an oops.
null_dies() {
	echo 0 >/proc/sys/kernel/panic_on_oops
	forget_log
	load wqc_client class=2 null=1 || return 1
	eventually said "routine ended its worker thread (0xE9): routine 0x0, " || return 1
	unload wqc_client && nothing_is_lost && eventually queues_balance || return 1
	[ "$(column HyperCritical replaced)" -eq 1 ] || { echo "not one runner replaced"; return 1; }
}

# The report comes before the end of the thread, and names status and driver.
exception_dies() {
	echo 0 >/proc/sys/kernel/panic_on_oops
	forget_log
	load nt-compat && load pender registry_path='\Pender\Raise' || return 1
	eventually said "routine ended its worker thread (0xE9): routine PenderRaise [pender], " || return 1
	said "exception that nothing handles (0x1E): ExRaiseStatus, status 0xc000009a, called by PenderRaise" &&
		! said "goes on behind an exception" || return 1
	[ "$(dmesg | grep -n -m 1 -e "nothing handles" -e "kernel BUG at" | grep -c "nothing handles")" = 1 ] ||
		{ echo "the report does not come first"; return 1; }
	unload pender nt_compat && nothing_is_lost && eventually queues_balance
}

reloads() { unload wqc_witness wq_compat && modules_load; }

refused() {
	unload wqc_witness || return 1
	rmmod wq_compat 2>/dev/null &
	sleep 5
	! kill -0 "$!" 2>/dev/null || { echo "rmmod hangs"; return 1; }
	! wait "$!" || { echo "wq_compat was unloaded"; return 1; }
	eventually queues_balance
}

t modules_load modules_load
t routine_that_ends_an_rt_thread_is_reported rt_dies
t rt_class_goes_on_without_the_thread class_goes_on 2
t module_can_be_unloaded_after_an_rt_thread_died reloads
t routine_that_is_null_ends_a_thread_that_is_replaced null_dies
t rt_class_goes_on_without_that_thread class_goes_on 2
t exception_is_reported_before_it_ends_its_thread exception_dies
t routine_that_ends_a_kworker_is_reported kworker_dies
t class_goes_on_without_the_kworker class_goes_on 1
t module_refuses_to_go_after_a_kworker_died refused
