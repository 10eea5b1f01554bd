# shellcheck shell=dash
# Kernel CFI of clang: routines of another type are called, and every other indirect call is
# checked. The last test kills its insmod.

routine_of_another_type() {
	forget_log
	load wqc_mismatch && said "mismatch: the routine ran" && unload wqc_mismatch
}

own_call() {
	forget_log
	! load wqc_mismatch own_call=1 || { echo "the call was not checked"; return 1; }
	said "CFI failure at mismatch_entry+"
}

t module_loads load wq-compat
t routine_of_another_type_is_called routine_of_another_type
t other_indirect_calls_are_checked own_call
