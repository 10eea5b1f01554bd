#!/bin/bash
# usage: scripts/accel.sh BZIMAGE
#
# Prints the QEMU accelerator to use: kvm if a kernel that is booted with it prints a line,
# otherwise tcg. That /dev/kvm opens does not prove that it runs a guest. The result is cached
# until this machine reboots.

. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || usage
if [ -n "${WQC_ACCEL:-}" ]; then
	echo "$WQC_ACCEL"
	exit
fi
if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
	echo tcg
	exit
fi
mkdir -p "$CACHE"
lock accel
id=$(cat /proc/sys/kernel/random/boot_id)
read -r known accel 2>/dev/null <"$CACHE/accel" || known=
if [ "$known" != "$id" ]; then
	log=$(mktemp -d)
	undo "rm -rf '$log'"
	progress "trying KVM (10 s at most)" "$log/out" timeout -k 1 10 \
		qemu-system-x86_64 -accel kvm -cpu host -m 512 -nodefaults -no-user-config \
		-display none -no-reboot -serial "file:$log/console" \
		-kernel "$1" -append "console=ttyS0 panic=-1" || :
	accel=tcg
	! grep -q 'Linux version' "$log/console" 2>/dev/null || accel=kvm
	printf '%s %s\n' "$id" "$accel" >"$CACHE/accel"
fi
unlock
echo "$accel"
