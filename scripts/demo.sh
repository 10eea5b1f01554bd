#!/bin/bash
# usage: [ARCH=x86|arm64] scripts/demo.sh     (make demo)
#
# Installs missing packages, builds the module and its sample driver for Debian's stock kernel,
# boots the kernel in QEMU and shows the output of the driver. KERNEL_IMAGE= and KDIR= name
# another kernel and its build directory (x86). Needs root only if packages are missing.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
case ${ARCH:-x86} in
x86 | x86_64 | amd64) row=6.1-stock deps=demo ;;
arm64 | aarch64) row=arm64-stock deps=demo-arm64 ;;
*) die "there is no demo for ARCH=$ARCH, only for x86 and arm64" ;;
esac
timed "demo${ARCH:+ $ARCH}"
# The scripts below take the architecture from the row.
unset ARCH MAKEFLAGS MFLAGS MAKEOVERRIDES
kernel_row "$row"
"$TOP/scripts/deps.sh" "$deps" || exit 1
vars=$("$TOP/scripts/build.sh" "$K_NAME") || exit 1
eval "$vars"
export MODULES KIMAGE

dir=$CACHE/results/demo
mkdir -p "$dir"
lock demo
rm -f "$dir"/*
accel=$("$TOP/scripts/accel.sh" "$K_ARCH" "$KIMAGE")
case $accel in
kvm) note="KVM" ;;
*) note="TCG, that is emulation: slower than a machine, and no measure of speed" ;;
esac
echo "machine: $("$A_QEMU" --version | head -n 1), $K_ARCH, $K_CPUS virtual CPUs"
echo "accelerator: $note"
banner=$(strings -n 8 "$KIMAGE" | grep -m1 -E '^[0-9]+\.[0-9]+\.[0-9]+.*#' | sed 's/ .*#/ #/') || :
echo "kernel: ${banner:-$KIMAGE}"
echo "booting it ..."

WQC_ACCEL=$accel "$TOP/scripts/guest.sh" "$K_NAME" demo "$dir" 2>"$dir/guest.log" &
guest=$!
undo "kill $guest 2>/dev/null && wait $guest"
while [ ! -e "$dir/console.log" ] && kill -0 "$guest" 2>/dev/null; do
	sleep 0.1
done
touch "$dir/console.log"

# Follows the console while the guest runs; prints the elapsed time when the guest is silent.
exec 3< <(exec tail -n +1 -s 0.2 --pid="$guest" -f "$dir/console.log" 2>/dev/null 9>&- |
	sed -u -n 's/\r$//; s/^\[ *[0-9.]*\] demo: \{0,1\}//p')
start=$SECONDS
while :; do
	status=0
	IFS= read -r -t 5 line <&3 || status=$?
	if [ "$status" -eq 0 ]; then
		printf '%s\n' "$line"
	elif [ "$status" -gt 128 ]; then
		say "... $(elapsed "$start")"
	else
		break
	fi
done
status=0
wait "$guest" || :
echo
"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/demo.sh" --tests "$TOP/tests" \
	--kunit-py none --name demo >"$dir/verdict" || status=$?
cat "$dir/verdict"
if [ "$status" -eq 0 ]; then
	echo "demo: it works: the drivers' items ran, all modules are gone, the kernel's log is clean"
else
	cat "$dir/guest.log" >&2
	echo "demo: FAILED: $(matters "$dir/verdict") (see $dir/console.log)"
fi
exit "$status"
