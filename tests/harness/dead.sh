# shellcheck shell=dash
# The guest dies in the middle of a test.
die() {
	echo c >/proc/sysrq-trigger
	sleep 60
}

t module_loads load wq-compat
t dies die
