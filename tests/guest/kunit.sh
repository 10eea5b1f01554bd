# shellcheck shell=dash
# The KUnit suites run while their module loads; their results are in the kernel's log.

kunit_suites() {
	# shellcheck disable=SC2154 # from /wqc/env
	load wqc-kunit scale="$scale"
}

reload() {
	load wq-compat && unload wq_compat && load wq-compat && unload wq_compat
}

t module_loads load wq-compat
t kunit_module_loads kunit_suites
t modules_unload unload wqc_kunit wq_compat
t module_reloads reload
t no_leaks no_leaks
