#!/bin/bash
# usage: scripts/accel.sh ARCH IMAGE
#
# Prints the QEMU accelerator to use: kvm if a kernel that is booted with it prints a line,
# otherwise tcg. That /dev/kvm opens does not prove that it runs a guest. The result is cached
# until this machine reboots. For another architecture than x86 it is tcg.

. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
if [ "$1" != x86 ]; then
	echo tcg
	exit
fi
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
		-kernel "$2" -append "console=ttyS0 panic=-1" || :
	accel=tcg
	! grep -q 'Linux version' "$log/console" 2>/dev/null || accel=kvm
	printf '%s %s\n' "$id" "$accel" >"$CACHE/accel"
fi
unlock
echo "$accel"
