# shellcheck shell=dash
# Load, a driver, unload: for kernels that have no KUnit, such as a distribution's own.

reload() {
	load wq-compat && unload wq_compat && load wq-compat && unload wq_compat
}

refused_while_used() {
	! rmmod wq_compat
}

t module_loads load wq-compat
t sample_driver_loads load wqc_demo
t module_is_held_by_its_user refused_while_used
t sample_driver_unloads unload wqc_demo
t module_unloads unload wq_compat
t module_reloads reload
