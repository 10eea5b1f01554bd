# shellcheck shell=dash disable=SC2034 # leaver is for lib.sh
# Modules that lend their memory to the routines of another module, and are unloaded.

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
	load wqc_places place=device api=post sleep_ms=400 && unload wqc_places && nothing_is_lost
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
	usleep 500000		# no timer fires
	nothing_is_lost
}

# Reports are printed.
load_again() {
	unload wqc_witness wq_compat && load wq-compat && load wqc_witness
}

t modules_load load_small
t rmmod_waits_for_its_items_with_foreign_routines memory_is_lent
t rmmod_waits_for_foreign_routines_on_its_memory routine_runs_on_it
t insmod_waits_for_items_in_init_data init_data_is_lent
t modules_reload load_again
t timer_requests_in_its_memory_are_cancelled_and_reported requests_are_lent
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
