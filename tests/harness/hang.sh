# shellcheck shell=dash
# A test that never ends.
hang() {
	while :; do
		sleep 1
	done
}

t module_loads load wq-compat
t hangs hang
