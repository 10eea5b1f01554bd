# shellcheck shell=dash disable=SC2034 # leaver is for lib.sh
# While the load or unload of a module waits for items, no other module has to wait, if the
# module's own functions do the waiting.
# waits: for routines that sleep while insmod and rmmod wait

# A module that registers a notifier is loaded and unloaded while PID waits for items.
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

# The routine loads a module itself: if the notifier waited for the routine, that would be a
# deadlock.
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

# The notifier waits for a module whose functions do not, and prints what that means.
only_the_notifier_waits() {
	leaver=wqc_client_b
	forget_log
	running plain=1 && said "wqc_client_b holds up the module loader" || return 1
	queued plain=1 && init_text && failing_loads
}

t modules_load load_small
t other_modules_load_while_rmmod_waits modules_load_during_rmmod
t other_modules_load_while_insmod_waits modules_load_during_insmod
t routine_may_ask_for_a_module_while_rmmod_waits routine_asks
t module_made_by_a_macro_waits_itself made_by_a_macro
t notifier_waits_for_a_module_that_does_not only_the_notifier_waits
t modules_unload unload wqc_witness wq_compat
t no_leaks no_leaks
