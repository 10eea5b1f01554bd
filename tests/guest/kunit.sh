# shellcheck shell=dash
# The KUnit suites run while their module loads; their results are in the kernel's log.

kunit_suites() {
	# shellcheck disable=SC2154 # from /wqc/env
	load wqc-kunit scale="$scale"
}

load_both() {
	load wq-compat && load nt-compat
}

# The suites free what they allocate; a leak is logged as a BUG. (A failed case may leak an
# item, and has failed already.)
unload_all() {
	unload wqc_kunit || return 1
	grep -q "^0 .*item not freed by its driver" /sys/kernel/debug/wq_compat/reports ||
		echo "BUG: the suites leave items" >/dev/kmsg
	unload nt_compat wq_compat
}

t module_loads load_both
t kunit_module_loads kunit_suites
t modules_unload unload_all
t module_reloads reload
t no_leaks no_leaks
