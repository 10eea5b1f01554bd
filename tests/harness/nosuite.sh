# shellcheck shell=dash
# The module with the suites ("load wqc-kunit") is never loaded, and no test of the script fails.
t module_loads load wq-compat
t kunit_module_loads true
t module_unloads unload wq_compat
