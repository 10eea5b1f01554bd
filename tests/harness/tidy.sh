# shellcheck shell=dash
# A test that fails leaves a module behind.

fails_with_its_module() { load wq-compat && load wqc_broken && false; }

t client_fails fails_with_its_module
t module_loads load wq-compat
t client_loads load wqc_broken
t module_unloads unload wqc_broken wq_compat
