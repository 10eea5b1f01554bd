# shellcheck shell=dash disable=SC1091,SC2154 # they are in lib.sh
# Many mutants in one boot, for mutants.py: each has its modules in a directory, and all run the
# same script. Each turn writes to the guest's channel what a boot of its own would write. After
# a kernel warning, or if a module stays loaded, the next mutant needs another boot.

# Bits of the kernel's taint that warnings set: D, W, L.
upset() { echo $(($(cat /proc/sys/kernel/tainted) & (1 << 7 | 1 << 9 | 1 << 14))); }

turn() {
	cd "/wqc/modules/$1" || return 1
	rm -f "$healed"
	. ../script
	t nothing_was_healed nothing_was_healed
	exit "$failed"
}

while read -r name; do
	echo "TURN $name" >&3
	echo "wqc-mutants: turn of $name" >/dev/kmsg
	echo "BEGIN $(uname -r)" >&3
	(turn "$name")
	echo "END $?" >&3
	[ "$(upset)" = 0 ] || break
	! grep -q -E '^(wq_compat|nt_compat|wqc_)' /proc/modules || break
done <names
sleep 1
reboot -f
