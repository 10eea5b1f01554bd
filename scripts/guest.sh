#!/bin/bash
# usage: [VAR=...] scripts/guest.sh NAME SCRIPT DIR
#
# Boots kernel NAME in QEMU and runs SCRIPT in it (a name in tests/guest, or a path). Lines of
# SCRIPT: "# cpus: N" sets the number of virtual CPUs instead of kernels.txt; with "# one thread"
# one thread emulates them in turn; "# build: WORDS" is for build.sh; with "# fetch: PROGRAM" the guest
# has that program of fetch.sh, and its libraries. Writes to DIR console.log,
# status.log (the guest's own channel) and outcome: "ended", "time limit" or "qemu failed".
# verdict.py judges them.
#
#   MODULES KIMAGE   as printed by build.sh, which is called if MODULES is not set
#   GUEST_GIVE       a directory whose content is the working directory of SCRIPT
#   GUEST_VARS       words NAME=VALUE that become variables of SCRIPT
#   GUEST_CMDLINE    more kernel parameters      GUEST_QEMU   more QEMU arguments
#   GUEST_ROOT       a Debian with its initrd: its init starts and runs SCRIPT as a service
#   GUEST_SMP        virtual CPUs                GUEST_LIMIT  seconds, see bounded.sh
#   LONG             1: the rounds of make check-long
#   WQC_ACCEL        kvm or tcg, instead of trying KVM
#   WQC_TIMEOUT      seconds until SCRIPT treats an expected event as missing (30)

. "$(dirname "$0")/lib.sh"

[ $# -eq 3 ] || usage
kernel_row "$1"
need "$A_QEMU"
script=$2
[ -e "$script" ] || script=$TOP/tests/guest/$2.sh
[ -e "$script" ] || die "there is no guest script '$2'"
mkdir -p "$3"
dir=$(cd "$3" && pwd)
if [ -z "${MODULES:-}${GUEST_GIVE:-}${GUEST_ROOT:-}" ]; then
	vars=$(WQC_BUILD=$(build_words "$script") "$TOP/scripts/build.sh" "$K_NAME") || exit 1
	eval "$vars"
fi

root=$(mktemp -d)
undo "rm -rf '$root'"

# put_script ROOT: installs the files that every guest has
put_script() {
	mkdir -p "$1/wqc/modules"
	install -m 755 "$TOP/tests/guest/init" "$1/wqc/init"
	cp "$TOP/tests/guest/lib.sh" "$1/wqc/lib.sh"
	cp "$script" "$1/wqc/script.sh"
	{
		printf 'wqc_kernel=%s\nchannel=%s\nscale=%s\npatience=%s\nlong=%s\n' \
			"$K_NAME" "$A_STATUS" "$K_SCALE" "${WQC_TIMEOUT:-30}" "${LONG:-0}"
		# shellcheck disable=SC2086 # words are meant
		printf '%s\n' ${GUEST_VARS:-}
	} >"$1/wqc/env"
}

# Needs no root: the kernel's built-in initramfs has /dev/console, and this one is added to it.
make_initramfs() {
	local BUSYBOX ROOT vars fetched

	if [ "$K_ARCH" = x86 ]; then
		BUSYBOX=$(command -v busybox) || die "there is no busybox"
	else
		vars=$("$TOP/scripts/fetch.sh" "$K_ARCH" busybox) || exit 1
		eval "$vars"
	fi
	mkdir -p "$root/tree/"{bin,dev,proc,sys,tmp}
	cp "$BUSYBOX" "$root/tree/bin/busybox"
	ln -s busybox "$root/tree/bin/sh"
	put_script "$root/tree"
	mv "$root/tree/wqc/init" "$root/tree/init"
	# shellcheck disable=SC2086 # more than one directory, sometimes
	[ -n "${GUEST_GIVE:-}" ] || find $MODULES -name '*.ko' -exec cp -t "$root/tree/wqc/modules" {} +
	[ -z "${GUEST_GIVE:-}" ] || cp -r "$GUEST_GIVE/." "$root/tree/wqc/modules"
	find "$root/tree/wqc/modules" -name '*.ko' -exec "${A_TOOLS}strip" --strip-debug {} +
	# From the tree that was built, which may be a mutant.
	# shellcheck disable=SC2086
	[ -n "${GUEST_GIVE:-}" ] || find $MODULES -path '*/scripts/wqc-*' -exec install -m 755 -t "$root/tree/bin" {} +
	while read -r fetched; do
		vars=$("$TOP/scripts/fetch.sh" "$(dpkg --print-architecture)" "$fetched") || exit 1
		eval "$vars"
		cp -a "$ROOT/." "$root/tree"
	done < <(sed -n 's/^# fetch: //p' "$script")
	(cd "$root/tree" && find . | cpio --quiet -o -H newc -R 0:0) >"$root/initramfs"
}

# Makes a disk from GUEST_ROOT and the script.
make_disk() {
	local size

	put_script "$GUEST_ROOT"
	size=$(($(du -s -m "$GUEST_ROOT" | cut -f1) * 3 / 2 + 200))
	progress "making a disk of $size MB" "$root/disk.log" \
		mke2fs -q -t ext4 -d "$GUEST_ROOT" "$root/disk" "${size}M" ||
		die "cannot make a disk: $(matters "$root/disk.log")"
	rm -r "$GUEST_ROOT/wqc"
	disk=(-drive "file=$root/disk,if=virtio,format=raw,cache=unsafe")
	cp "$GUEST_ROOT/boot/initrd.img-${KIMAGE##*/vmlinuz-}" "$root/initramfs"
}

disk=()
if [ -z "${GUEST_ROOT:-}" ]; then make_initramfs; else make_disk; fi
accel=$("$TOP/scripts/accel.sh" "$K_ARCH" "$KIMAGE")
# QEMU before 8.0 computes the flags after cmpxchg16b (used by SLUB) from stale state: an
# interrupt at that moment saves wrong flags, and its return is a double fault. Linux works
# without the instruction.
emulate() { machine=(-accel "tcg,thread=$1" -M "$A_BOARD" -cpu "$K_CPU"); } # multi or single
case $accel in
kvm) machine=(-accel kvm -cpu host) ;;
*) emulate multi ;;
esac
# QEMU before 8.1 can hang a kernel that rewrites code which other CPUs execute (a static branch,
# when a trace event is enabled): one thread translates the breakpoint that is there for a
# moment, and all CPUs run that translation from then on.
if [ "$accel" != kvm ] && grep -q '^# one thread' "$script"; then
	emulate single
fi
case " ${GUEST_QEMU:-} " in
# -icount needs a single emulating thread; KVM and parallel TCG do not support it.
*" -icount "*) emulate single ;;
esac
limit=${GUEST_LIMIT:-$K_LIMIT}
cpus=$(sed -n 's/^# cpus: //p' "$script")
# no_timer_check: on a busy host the timer test of a guest can fail.
cmdline="console=$A_CONSOLE loglevel=7 panic=-1 printk.devkmsg=on no_timer_check"
[ "$K_CMDLINE" = - ] || cmdline+=" ${K_CMDLINE//,/ }"
[ -z "${GUEST_ROOT:-}" ] || cmdline+=" root=/dev/vda rw systemd.run=/wqc/init"
cmdline+=" ${GUEST_CMDLINE:-}"

# The machine "virt" has one serial port of its own.
status_port=(-serial chardev:status)
[ "$K_ARCH" = x86 ] || status_port=(-device "pci-serial,chardev=status")

rm -f "$dir"/{console.log,status.log,outcome,qemu.log}
echo "${machine[1]}" >"$dir/accel"
status=0
# shellcheck disable=SC2086 # words are meant
progress "guest $K_NAME ${2##*/} (${machine[1]})" "$dir/qemu.log" \
	"$TOP/scripts/bounded.sh" "$limit" "$dir" "$A_QEMU" "${machine[@]}" \
	-smp "${GUEST_SMP:-${cpus:-$K_CPUS}}" -m 2G -nodefaults -no-user-config -display none -no-reboot \
	-chardev "file,id=console,path=$dir/console.log" -serial chardev:console \
	-chardev "file,id=status,path=$dir/status.log" "${status_port[@]}" \
	"${disk[@]}" -kernel "$KIMAGE" -initrd "$root/initramfs" -append "$cmdline" \
	${GUEST_QEMU:-} || status=$?
case $status in
0) echo "ended" ;;
124 | 137) echo "time limit" ;;
*) echo "qemu failed" ;;
esac >"$dir/outcome"
