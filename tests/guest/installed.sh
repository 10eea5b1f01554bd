# shellcheck shell=dash
# A guest with what was installed from the packages, laid over its files: install-test.sh.

client_loads() {
	/usr/sbin/modprobe hello || return 1
	[ -e /sys/module/wq_compat ] || { echo "modprobe did not load wq_compat first"; return 1; }
}
parameters_are_set() { [ "$(cat /sys/module/wq_compat/parameters/max_threads_rt)" = 32 ]; }
tools_work() {
	/usr/sbin/wqc-top -1 -d 0.5 | grep "^HyperCritical" &&
		/usr/sbin/wqc-trace -s 0.2 -o /tmp/trace.json && grep traceEvents /tmp/trace.json
}
client_goes() {
	/usr/sbin/modprobe -r hello && [ ! -e /sys/module/hello ]
}

t modprobe_loads_the_client_and_the_module client_loads
t clients_routine_has_run eventually said "hello: a Windows work item runs on"
t parameters_are_those_of_modprobe_d parameters_are_set
t tools_of_the_package_work tools_work
t modprobe_removes_the_client client_goes
