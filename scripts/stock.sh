#!/bin/bash
# usage: scripts/stock.sh [cloud|rt|6.12]
#
# Downloads the image of Debian's stock kernel for the installed headers into the cache (6.12:
# the backported kernel of Debian 12), and prints the same assignments as kernel.sh. The image is
# unpacked but not installed, so the boot menu of this machine does not change. KERNEL_IMAGE=
# and KDIR= name another kernel.

. "$(dirname "$0")/lib.sh"

case "$#${1:-}" in 0 | 1cloud | 1rt | 16.12) ;; *) usage ;; esac
headers=linux-headers-${1:+$1-}amd64
answer() { printf "KIMAGE='%s' KDIR='%s' KTREE=''\n" "$1" "$2"; }

if [ -n "${KERNEL_IMAGE:-}" ] || [ -n "${KDIR:-}" ]; then
	[ -r "${KERNEL_IMAGE:-}" ] || die "KERNEL_IMAGE= must name a readable bzImage"
	[ -e "${KDIR:-}/Makefile" ] || die "KDIR= must name the build directory of that kernel"
	answer "$KERNEL_IMAGE" "$KDIR"
	exit
fi

abi=$(dpkg-query -W -f '${Depends}\n' "$headers" 2>/dev/null |
	grep -o -m1 'linux-headers-[^ ,]*' | sed 's/linux-headers-//') || :
[ -n "$abi" ] || die "the package $headers is not installed"
mkdir -p "$CACHE/kernels"
dir=$CACHE/kernels/stock-$abi
log=$dir.log
lock "stock-$abi"

# shellcheck disable=SC2317 # called through progress
download() {
	cd "$1"
	apt-get -q download "linux-image-$2" || apt-get -q download "linux-image-$2-unsigned"
}
export -f download

if [ ! -e "$dir/complete" ]; then
	rm -rf "$dir"
	mkdir -p "$dir"
	undo "[ -e '$dir/complete' ] || rm -rf '$dir'"
	get() {
		progress "downloading linux-image-$abi (70 MB)" "$log" \
			bash -euc 'download "$@"' sh "$dir" "$abi"
	}
	# A stale package list names a removed version.
	get || { [ "$(id -u)" -eq 0 ] && progress "apt-get update" "$log" apt-get -q update && get; } ||
		die_of "$log" "cannot download linux-image-$abi (try apt-get update)"
	progress "unpacking linux-image-$abi" "$log" dpkg-deb -x "$dir"/*.deb "$dir/root" ||
		die_of "$log" "cannot unpack linux-image-$abi"
	cp "$dir/root/boot/vmlinuz-$abi" "$dir/bzImage"
	rm -rf "$dir"/*.deb "$dir/root"
	touch "$dir/complete"
fi
unlock
answer "$dir/bzImage" "/usr/src/linux-headers-$abi"
