# shellcheck shell=dash
# A Debian that has booted from its disk, in which only the packages were installed, and clients
# that were compiled against them: see install-test.sh. The settings are those of
# docs/install.md.

# Debian's sleep accepts fractions.
usleep() { sleep "$(echo "$1" | awk '{ print $1 / 1000000 }')"; }

loaded() {
	local m

	for m in "$@"; do
		[ -e "/sys/module/$m" ] || { echo "$m is not loaded"; return 1; }
	done
}

# systemd has read /etc/modules-load.d, and modprobe /etc/modprobe.d, before this ran.
loaded_at_boot() { loaded wq_compat && ! loaded hello; }
parameters_are_set() {
	[ "$(cat /sys/module/wq_compat/parameters/max_runners_rt)" = 32 ] &&
		[ "$(cat /sys/module/wq_compat/parameters/verifier)" = 0 ]
}
second_module() { modprobe nt_compat && loaded nt_compat && modprobe -r nt_compat; }

client_has_run() { said "hello: a Windows work item runs on"; }
client_loads() {
	modprobe -r wq_compat && ! loaded wq_compat || return 1
	modprobe hello && loaded wq_compat hello && eventually client_has_run && parameters_are_set
}

# samples/journal: the sources are those of a Windows driver.
driver_loads() {
	modprobe journal && loaded nt_compat wq_compat journal && sleep 1 || return 1
	modprobe -r journal && said "journal: PASS" && ! loaded nt_compat
}

tools_are_found() {
	[ "$(command -v wqc-top)" = /usr/sbin/wqc-top ] &&
		[ "$(command -v wqc-trace)" = /usr/sbin/wqc-trace ]
}
top_shows() {
	tools_are_found && wqc-top -1 -d 0.5 >/tmp/top && cat /tmp/top &&
		grep "^HyperCritical  *0  *0  *0  *0" /tmp/top &&
		wqc-top -1 -d 0.5 --json >/tmp/json && hand_out installed.top.json /tmp/json
}
# The client is removed first, so that its load is recorded.
trace_records() {
	modprobe wq_compat && { ! loaded hello || rmmod hello; } || return 1
	wqc-trace -o /tmp/trace.json sh -c 'modprobe hello; sleep 1' >/tmp/said &&
		cat /tmp/said && grep "HelloRoutine \[hello\]  *1  *1 " /tmp/said &&
		hand_out installed.trace.json /tmp/trace.json
}
all_goes() { modprobe -r hello && ! loaded hello && ! loaded wq_compat; }

# As with Secure Boot while DKMS' key is not enrolled.
key_is_unknown() {
	echo 1 >/sys/module/module/parameters/sig_enforce || return 1
	! modprobe wq_compat 2>/tmp/refused || { echo "it was loaded"; return 1; }
	cat /tmp/refused
	grep "Key was rejected by service" /tmp/refused
}

t module_is_loaded_at_boot_by_modules_load_d loaded_at_boot
t parameters_are_those_of_modprobe_d parameters_are_set
t modprobe_loads_the_second_module second_module
t modprobe_loads_the_module_before_the_client client_loads
t modprobe_loads_both_before_a_windows_driver driver_loads
t top_of_the_package_shows_the_module top_shows
t trace_of_the_package_records_the_client trace_records
t modprobe_removes_the_client_and_the_module all_goes
t module_is_refused_where_its_key_is_unknown key_is_unknown
