# shellcheck shell=dash
# The KUnit suites run while their module loads; their results are in the kernel's log.

kunit_suites() {
	# shellcheck disable=SC2154 # from /wqc/env
	load wqc-kunit scale="$scale"
}

reload() {
	load wq-compat && unload wq_compat && load wq-compat && unload wq_compat
}

load_both() {
	load wq-compat && load nt-compat
}

t module_loads load_both
t kunit_module_loads kunit_suites
t modules_unload unload wqc_kunit nt_compat wq_compat
t module_reloads reload
t no_leaks no_leaks
