# shellcheck shell=dash disable=SC1091,SC2154 # they are in lib.sh
# Many mutants in one boot, for mutants.py: each has its modules in a directory, all the same
# script. Each turn says on the guest's channel what a boot of its own would say. A kernel that
# has warned, or keeps a module, is not trusted with the next one.

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
