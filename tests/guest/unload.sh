# shellcheck shell=dash disable=SC2154 # scale is from /wqc/env
# Clients are loaded and unloaded with items queued or running. wqc_witness stays loaded and
# counts; the proof is always the same: when rmmod or insmod returns, every accepted item has
# run.
# waits: for routines that sleep while rmmod waits

# ---- one client -------------------------------------------------------------------------

foreign_routine() {
	block_all || return 1
	client api=ioex foreign=1 sleep_ms=200 && waits_for_the_gate || return 1
	client api=ioex foreign=1 sleep_ms=500 && unload wqc_client && nothing_is_lost
}

requeues() {
	client api=ex requeue=40 sleep_ms=5 && unload wqc_client && nothing_is_lost || return 1
	client api=ioex requeue=40 sleep_ms=5 plain=1 && unload wqc_client && nothing_is_lost ||
		return 1
	# The item moves all the time, from queues that rmmod has not searched to those that it
	# has.
	client api=ex class=1 requeue=$((20000 / scale)) wander=1 && unload wqc_client &&
		nothing_is_lost
}

held_by_client() {
	client || return 1
	! rmmod wq_compat 2>/dev/null || { echo "wq_compat was unloaded while a client uses it"; return 1; }
	unload wqc_client
}

says_what_it_waits_for() {
	forget_log
	client class=1 sleep_ms=7000 && unload wqc_client && nothing_is_lost || return 1
	said "rmmod of wqc_client waits for routine client_ex [wqc_client], running for" || return 1
	forget_log
	block_all && client class=1 || return 1
	rmmod wqc_client &
	eventually said "rmmod of wqc_client waits for routine client_ex [wqc_client], queued"
	witness gate 1
	wait "$!" && said ", queued, class Delayed" && nothing_is_lost
}

# ---- long queues ------------------------------------------------------------------------

# The client's items are queued behind thousands of others, which run while rmmod searches.
long_queues() {
	block_all && witness fill $((5000 / scale + 500)) 0 || return 1
	client cpu=0 count=20 || return 1
	witness fill $((5000 / scale + 500)) 0
	waits_for_the_gate eventually
}

# Queued items are freed at the place that the search of a long queue has reached.
freed_meanwhile() {
	block_all && load wqc_taker && eventually busy_taking || return 1
	client cpu=3 class=2 || return 1
	rmmod wqc_client &
	sleep 3
	[ -e /sys/module/wqc_client ] || fails "rmmod did not wait" || return 1
	rmmod wqc_taker &
	eventually taker_has_ended || return 1	# a freed item must not run
	witness gate 1
	eventually is_gone wqc_client && eventually is_gone wqc_taker && nothing_is_lost
}

taker_has_ended() { ! grep -q -x "wqc_taker/0" /proc/[0-9]*/comm 2>/dev/null; }
busy_taking() { [ "$(count taken)" -gt 100 ]; }

# ---- more than one ----------------------------------------------------------------------

two_at_once() {
	local a b

	# Items of two owners, in the queues of one CPU.
	block_all && client cpu=1 count=5 && load wqc_client_b cpu=1 count=5 api=ioex || return 1
	rmmod wqc_client &
	a=$!
	rmmod wqc_client_b &
	b=$!
	usleep 400000
	kill -0 "$a" "$b" 2>/dev/null || fails "a rmmod did not wait" || return 1
	witness gate 1
	wait "$a" && wait "$b" && nothing_is_lost
}

# With the highest limit of runners.
load_default() {
	unload wqc_witness wq_compat && load wq-compat && load wqc_witness
}

rounds() {
	local round=0 last=$((50 / scale + 2))

	while [ "$round" -lt "$last" ]; do
		round=$((round + 1))
		client api=ioex count=20 sleep_ms=$((round % 7)) requeue=$((round % 3)) || return 1
		load wqc_client_b plain=1 at_exit=1 count=20 sleep_ms=$((round % 5)) || return 1
		unload wqc_client_b wqc_client && nothing_is_lost || return 1
	done
}

# ---- orders of loading ------------------------------------------------------------------

client_first() {
	forget_log
	! load wqc_hello 2>/dev/null || { echo "a client loads without wq_compat"; return 1; }
	said "wqc_hello: Unknown symbol wqc_driver_load"
}

reloads_between() {
	local left=3

	while [ "$left" -gt 0 ]; do
		left=$((left - 1))
		load wq-compat && load wqc_hello && load wqc_witness && client count=10 || return 1
		unload wqc_hello wqc_client wqc_witness wq_compat || return 1
	done
}

t modules_load load_small
t running_items_return_before_rmmod_does running
t queued_items_run_before_rmmod_returns queued
t running_items_return_although_exit_did_not_wait running plain=1
t queued_items_run_although_exit_did_not_wait queued plain=1
t items_queued_at_exit_run_before_rmmod_returns running at_exit=1
t items_queued_by_a_plain_exit_run_before_rmmod_returns running at_exit=1 plain=1
t rmmod_waits_for_foreign_routines_on_its_device foreign_routine
t items_that_queue_themselves_finish_before_rmmod_returns requeues
t insmod_waits_for_routines_in_init_text init_text
t failed_insmod_waits_for_what_it_queued failing_loads
t module_is_held_by_its_client held_by_client
t long_wait_names_the_routine says_what_it_waits_for
t two_clients_leave_at_once two_at_once
t items_behind_long_queues_run_before_rmmod_returns long_queues
t search_survives_items_that_are_freed_meanwhile freed_meanwhile
t modules_reload load_default
t clients_come_and_go_with_items_in_flight rounds
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t client_without_the_module_is_refused client_first
t module_reloads_between_clients reloads_between
t no_leaks no_leaks
