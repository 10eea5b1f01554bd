# shellcheck shell=dash
# Loads, runs a driver, and unloads: for kernels without KUnit, such as a distribution's own.

refused_while_used() {
	! rmmod wq_compat
}

both_are_reported() {
	dmesg >/tmp/said
	grep "routine offender_leaves_a_plug .*: blk_start_plug()$" /tmp/said &&
		grep "routine offender_leaves_a_plug_on_its_stack .*: blk_start_plug() on its" /tmp/said
}

# The kernels of most test suites have no block layer.
left_plugs() {
	[ -d /sys/block ] || { echo "this kernel has no block layer"; return "$SKIP"; }
	forget_log
	load wqc_offender what=plug || return 1
	# Before rmmod, while which all of a thread's state is looked at after each routine.
	eventually both_are_reported && unload wqc_offender
}

t module_loads load wq-compat
t plugs_that_routines_leave_are_reported left_plugs
t sample_driver_loads load wqc_demo
t module_is_held_by_its_user refused_while_used
t sample_driver_unloads unload wqc_demo
t module_unloads unload wq_compat
t module_reloads reload
