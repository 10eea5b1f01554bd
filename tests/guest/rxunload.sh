# shellcheck shell=dash
# A mini-redirector is removed with items and timer requests queued, running and pending; its
# exit function does not wait. When rmmod returns, every accepted item has run, and no timer
# fires into freed memory.
# waits: for routines that sleep while rmmod waits

nothing_is_lost() {
	local accepted ended

	accepted=$(count accepted)
	ended=$(($(count ran) + $(count taken)))
	echo "accepted $accepted, ran or refused $ended"
	[ "$accepted" -gt 0 ] && [ "$accepted" -eq "$ended" ]
}

client() {
	local i

	for i in 1 2 3 4 5 6 7 8; do
		load wqc_rxclient "$@" && usleep "$((i * 7000))" && unload wqc_rxclient || return 1
		nothing_is_lost || return 1
	done
	# A request that was left behind would fire now.
	usleep 100000
}

# No item of the client runs on the RT threads when it is unloaded: all wait behind blockers.
behind_blockers() {
	local pid

	unload wqc_witness wq_compat && load wq-compat max_runners_rt=1 && load wqc_witness || return 1
	witness block 1 -1 2
	eventually counts inside "$(nproc)" && load wqc_rxclient || return 1
	rmmod wqc_rxclient &
	pid=$!
	sleep 1
	if ! kill -0 "$pid" 2>/dev/null; then
		echo "rmmod did not wait"
		return 1
	fi
	witness gate 1
	wait "$pid" && eventually nothing_is_lost
}

# A spin-down that takes long because of running items and of items behind blockers.
spin_down_names() {
	local pid

	forget_log
	load wqc_rxclient spin_down=1 count=1 sleep_ms=12000 due_ms=60000 && unload wqc_rxclient &&
		nothing_is_lost || return 1
	said "waits for routine rxclient_" &&
		dmesg | grep -E "spin-down of device .* waits for routine rxclient_[a-z]* \[wqc_rxclient\], running for ([5-9]|1[01])[0-9]{3} ms in pid [1-9][0-9]*, class " ||
		return 1
	forget_log
	unload wqc_witness wq_compat && load wq-compat max_runners_rt=1 && load wqc_witness || return 1
	witness block 1 -1 2
	eventually counts inside "$(nproc)" && load wqc_rxclient spin_down=1 || return 1
	rmmod wqc_rxclient &
	pid=$!
	eventually said ", queued, class HyperCritical, CPU "
	witness gate 1
	wait "$pid"
	dmesg | grep "spin-down of device .* waits for routine rxclient_[a-z]* \[wqc_rxclient\], queued" &&
		eventually nothing_is_lost
}

t module_loads load wq-compat
t witness_loads load wqc_witness
t queued_and_running_items_run_first client count=40
t items_that_post_themselves_run_first client twice=1
t pending_timers_are_cancelled client due_ms=20
t timers_that_post_themselves_are_cancelled client again=1 sleep_ms=5
t timers_that_return_during_the_search_are_cancelled client again=1 sleep_ms=5 due_ms=10 count=1 plain=1
t items_of_a_plain_module_run_first client plain=1 twice=1
t items_behind_blockers_run_first behind_blockers
t spin_down_names_what_it_waits_for spin_down_names
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
