# shellcheck shell=dash
# With verifier=2 misuse is fatal, as it is under Driver Verifier; what is none is not.

modules_load() { load wq-compat verifier=2 && load wqc_witness; }

well_behaved() {
	local api

	for api in ex io ioex; do
		load wqc_client api="$api" count=5 && unload wqc_client && nothing_is_lost || return 1
	done
}

t modules_load modules_load
t client_without_fault_runs well_behaved
t_dies misuse_is_a_panic \
	"wq_compat: routine ended its worker thread (0xE9): routine client_io_ex [wqc_client]" \
	load wqc_client class=1 die=1 api=ioex
