# shellcheck shell=dash
# RxDispatchToWorkerThread() and IoAllocateWorkItem() while the allocation of their items fails:
# accepted routines run, refused ones are reported to the caller, and no memory leaks.

slab=/sys/kernel/slab/wqc_item
fail=/sys/kernel/debug/failslab

# Every tenth allocation of the module's cache fails, and no other allocation.
inject() {
	[ -e "$slab/failslab" ] || { echo "this kernel cannot inject failures"; return "$SKIP"; }
	echo 1 >"$slab/failslab" && echo Y >"$fail/cache-filter" && echo N >"$fail/ignore-gfp-wait" &&
		echo 0 >"$fail/verbose" &&
		echo -1 >"$fail/times" && echo 10 >"$fail/probability"
}

# More than 100,000 accepted dispatches, on every kernel: that takes 90 seconds on one with all
# checks, under emulation.
dispatch() {
	[ -e "$slab/failslab" ] || { echo "this kernel cannot inject failures"; return "$SKIP"; }
	load wqc_rxfail "$@" || return 1
	unload wqc_rxfail
}

# wq_compat's unload destroys the cache, which warns if an object is left in it.
stop() {
	[ ! -e "$fail/probability" ] || echo 0 >"$fail/probability"
	unload wqc_witness wq_compat
}

t module_loads load wq-compat
t witness_loads load wqc_witness
t failures_are_injected inject
t dispatched_is_ran_and_refused_is_reported dispatch count=112000
t io_items_run_or_are_not_allocated dispatch io=1 count=10000
t modules_unload stop
t no_leaks no_leaks
