# shellcheck shell=dash disable=SC2154 # scale is from /wqc/env
# Clients come and go with their items queued or running. wqc_witness stays and counts; the
# proof is always the same: when rmmod or insmod returns, what was accepted has run.

cpus=$(nproc)

# As few runners as can be, so that a blocker on each makes everything else wait.
load_small() {
	load wq-compat max_runners_any="$cpus" max_threads_rt=1 verifier=0 && load wqc_witness
}

# No item starts any more until the gate opens.
block_all() {
	witness gate 0
	witness block 1
	eventually counts inside $((3 * cpus))
}

# The module that leaves. wqc_client_b is the same, but only the module notifier waits for it.
leaver=wqc_client
client() { load "$leaver" "$@"; }

# The client's rmmod waits, and nothing runs, until the gate opens; then all has run, at once
# or, if there are others behind the client's, eventually.
waits_for_the_gate() { # waits_for_the_gate [eventually]
	local ran pid

	ran=$(count ran)
	rmmod "$leaver" &
	pid=$!
	usleep 400000
	kill -0 "$pid" 2>/dev/null || fails "rmmod did not wait" || return 1
	counts ran "$ran" || fails "something ran behind the blockers" || return 1
	witness gate 1
	wait "$pid" && "$@" nothing_is_lost
}

# Leaves no blocker behind: the next test would wait for it.
fails() {
	witness gate 1
	echo "$*"
	return 1
}

# ---- one client -------------------------------------------------------------------------

running() {
	local api

	for api in ex io ioex; do
		client api="$api" sleep_ms=400 tail_ms=100 "$@" || return 1
		unload "$leaver" && nothing_is_lost || return 1
	done
}

queued() {
	local api

	for api in ex io ioex; do
		block_all || return 1
		client api="$api" count=3 tail_ms=50 "$@" && waits_for_the_gate || return 1
	done
}

foreign_routine() {
	block_all || return 1
	client api=ioex foreign=1 sleep_ms=200 && waits_for_the_gate || return 1
	client api=ioex foreign=1 sleep_ms=500 && unload wqc_client && nothing_is_lost
}

requeues() {
	client api=ex requeue=40 sleep_ms=5 && unload wqc_client && nothing_is_lost || return 1
	client api=ioex requeue=40 sleep_ms=5 plain=1 && unload wqc_client && nothing_is_lost ||
		return 1
	# It gets from queues that rmmod has not searched to those that it has, all the time.
	client api=ex class=1 requeue=$((20000 / scale)) wander=1 && unload wqc_client &&
		nothing_is_lost
}

init_text() {
	client early=1 sleep_ms=400 tail_ms=100 && nothing_is_lost || return 1
	unload "$leaver" || return 1
	client early=1 sleep_ms=400 tail_ms=100 plain=1 && nothing_is_lost && unload "$leaver"
}

failing_load() {
	! client fail=1 "$@" count=2 sleep_ms=400 tail_ms=100 2>/dev/null || return 1
	nothing_is_lost
}

failing_loads() {
	local api

	for api in ex io ioex; do
		failing_load api="$api" && failing_load api="$api" plain=1 || return 1
	done
}

# ---- who else waits ---------------------------------------------------------------------

is_over() { ! kill -0 "$1" 2>/dev/null; }

# A module that registers a notifier comes and goes while PID waits for what is queued.
others_come_and_go() { # others_come_and_go PID
	local other

	usleep 400000
	! is_over "$1" || fails "it did not wait" || return 1
	(load wqc_notifier && unload wqc_notifier) &
	other=$!
	eventually is_over "$other" || fails "another module had to wait" || return 1
	wait "$other" || fails "another module was not loaded" || return 1
	! is_over "$1" || fails "it did not wait for the gate" || return 1
	witness gate 1
	wait "$1" && nothing_is_lost || return 1
	! said "holds up the module loader"
}

modules_load_during_rmmod() {
	forget_log
	block_all && client plain=1 class=1 || return 1
	rmmod wqc_client &
	others_come_and_go "$!"
}

modules_load_during_insmod() {
	forget_log
	block_all || return 1
	client plain=1 early=1 &
	others_come_and_go "$!" && unload wqc_client || return 1
	block_all || return 1
	(! client plain=1 fail=1 2>/dev/null) &
	others_come_and_go "$!"
}

# The routine loads a module itself, which is what a wait in the notifier would never survive.
routine_asks() {
	local pid other

	printf '#!/bin/sh\nexec insmod /wqc/modules/wqc_hello.ko\n' >/tmp/modprobe
	chmod +x /tmp/modprobe && echo /tmp/modprobe >/proc/sys/kernel/modprobe || return 1
	block_all && client plain=1 class=1 ask=1 || return 1
	rmmod wqc_client &
	pid=$!
	usleep 400000
	load wqc_notifier &
	other=$!
	usleep 400000
	witness gate 1
	eventually is_over "$pid" && eventually is_over "$other" && nothing_is_lost || return 1
	[ -e /sys/module/wqc_hello ] || { echo "the routine got no module"; return 1; }
	unload wqc_hello wqc_notifier
}

made_by_a_macro() {
	forget_log
	load wqc_macro && unload wqc_macro && nothing_is_lost || return 1
	! said "holds up the module loader"
}

# Of a module whose functions do not wait: by the notifier, which says what that means.
only_the_notifier_waits() {
	leaver=wqc_client_b
	forget_log
	running plain=1 && said "wqc_client_b holds up the module loader" || return 1
	queued plain=1 && init_text && failing_loads
}

# ---- memory of the module, routines of another ------------------------------------------

memory_is_lent() {
	local api place

	leaver=wqc_places
	for api in ex io post; do
		for place in data percpu context; do
			block_all && client place="$place" api="$api" && waits_for_the_gate ||
				fails "$place $api" || return 1
		done
	done
	block_all && client place=device api=post && waits_for_the_gate
}

routine_runs_on_it() {
	local place

	for place in data percpu context; do
		load wqc_places place="$place" sleep_ms=400 && unload wqc_places &&
			nothing_is_lost || return 1
	done
}

init_data_is_lent() {
	local api pid

	for api in ex io post; do
		block_all || return 1
		load wqc_places place=init api="$api" &
		pid=$!
		usleep 400000
		! is_over "$pid" || fails "insmod did not wait" || return 1
		witness gate 1
		wait "$pid" && nothing_is_lost && unload wqc_places || return 1
	done
}

requests_are_lent() {
	local place

	for place in data percpu context device init; do
		forget_log
		load wqc_places place="$place" api=timer && unload wqc_places || return 1
		said "timer left set by its driver (0xC7): wqc_places: Rx timer request" ||
			{ echo "$place"; return 1; }
	done
	usleep 500000		# none fires
	nothing_is_lost
}

held_by_client() {
	client || return 1
	! rmmod wq_compat 2>/dev/null || { echo "wq_compat went away under its client"; return 1; }
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

# The client's items stand behind thousands of others, which run while rmmod searches.
long_queues() {
	block_all && witness fill $((5000 / scale + 500)) 0 || return 1
	client cpu=0 count=20 || return 1
	witness fill $((5000 / scale + 500)) 0
	waits_for_the_gate eventually
}

# Items are freed, while queued, where the search of a long queue has got to.
freed_meanwhile() {
	block_all && load wqc_taker && eventually busy_taking || return 1
	client cpu=3 class=2 || return 1
	rmmod wqc_client &
	sleep 3
	[ -e /sys/module/wqc_client ] || fails "rmmod did not wait" || return 1
	rmmod wqc_taker &
	eventually nobody_takes || return 1	# what it frees must not run
	witness gate 1
	eventually is_gone wqc_client && eventually is_gone wqc_taker && nothing_is_lost
}

nobody_takes() { ! grep -q -x "wqc_taker/0" /proc/[0-9]*/comm 2>/dev/null; }
busy_taking() { [ "$(count taken)" -gt 100 ]; }

# ---- more than one ----------------------------------------------------------------------

two_at_once() {
	local a b

	block_all && client count=5 && load wqc_client_b count=5 api=ioex || return 1
	rmmod wqc_client &
	a=$!
	rmmod wqc_client_b &
	b=$!
	usleep 400000
	kill -0 "$a" "$b" 2>/dev/null || fails "a rmmod did not wait" || return 1
	witness gate 1
	wait "$a" && wait "$b" && nothing_is_lost
}

# With as many runners as there may be.
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
t other_modules_load_while_rmmod_waits modules_load_during_rmmod
t other_modules_load_while_insmod_waits modules_load_during_insmod
t routine_may_ask_for_a_module_while_rmmod_waits routine_asks
t module_made_by_a_macro_waits_itself made_by_a_macro
t notifier_waits_for_a_module_that_does_not only_the_notifier_waits
t rmmod_waits_for_its_items_with_foreign_routines memory_is_lent
t rmmod_waits_for_foreign_routines_on_its_memory routine_runs_on_it
t insmod_waits_for_items_in_init_data init_data_is_lent
t two_clients_leave_at_once two_at_once
t items_behind_long_queues_run_before_rmmod_returns long_queues
t search_survives_items_that_are_freed_meanwhile freed_meanwhile
t modules_reload load_default
t timer_requests_in_its_memory_are_cancelled_and_reported requests_are_lent
t clients_come_and_go_with_items_in_flight rounds
t queues_balance_after_all eventually queues_balance
t modules_unload unload wqc_witness wq_compat
t client_without_the_module_is_refused client_first
t module_reloads_between_clients reloads_between
t no_leaks no_leaks
