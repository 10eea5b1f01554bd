#!/bin/bash
# usage: scripts/fetch.sh ARCH busybox|kernel|promtool|bpftrace|drgn
#
# Downloads programs from Debian into the cache, once, and prints assignments: BUSYBOX for busybox,
# PROMTOOL for promtool; ROOT, a directory with their libraries too, for bpftrace and drgn; those of
# stock.sh for kernel. Nothing is installed. busybox and kernel are for guests of another
# architecture; kbuild's programs in the kernel's headers are this machine's.

. "$(dirname "$0")/lib.sh"

[ $# -eq 2 ] || usage
arch=$1
mkdir -p "$CACHE/foreign"
log=$CACHE/foreign/$arch.log
apt() { "$TOP/scripts/apt.sh" "$arch" "$@"; }

# depends PACKAGE NAME: prints the package that it depends on whose name begins with NAME.
depends() { apt apt-cache show "$1" 2>/dev/null | sed -n 's/^Depends: //p' | tr ',' '\n' |
	sed -n "s/^ *\($2[^ ]*\).*/\1/p" | head -n 1; }

update() {
	progress "package lists of $arch" "$log" "$TOP/scripts/apt.sh" "$arch" apt-get update ||
		die_of "$log" "cannot read the package lists of $arch"
}

# shellcheck disable=SC2317 # called through progress
unpack() { # unpack DIR PACKAGE...
	local dir=$1 deb

	shift
	cd "$dir"
	"$TOP/scripts/apt.sh" "$arch" apt-get download "$@"
	for deb in *.deb; do dpkg-deb -x "$deb" root; done
	rm -f -- *.deb
}
export -f unpack
export TOP arch

# get DIR LABEL PACKAGE...: the packages become DIR/root, and DIR/complete says so at the end. Fails
# if a package is not to be had: the lists may be old.
get() {
	local dir=$1 label=$2

	shift 2
	rm -rf "$dir"
	mkdir -p "$dir"
	undo "[ -e '$dir/complete' ] || rm -rf '$dir'"
	progress "downloading $label of $arch" "$log" bash -euc 'unpack "$@"' sh "$dir" "$@"
}

busybox() {
	dir=$CACHE/foreign/busybox-$arch
	[ -e "$dir/complete" ] && return
	get "$dir" busybox-static busybox-static
}

# Not installed: the package starts a server.
promtool() {
	dir=$CACHE/foreign/promtool-$arch
	[ -e "$dir/complete" ] && return
	get "$dir" "promtool (19 MB)" prometheus
}

# With all that it depends on, for a guest that has nothing: apt here knows of no installed package.
bpftrace() {
	local all

	dir=$CACHE/foreign/bpftrace-$arch
	[ -e "$dir/complete" ] && return
	all=$(apt apt-get install -y --no-install-recommends --print-uris bpftrace 2>/dev/null |
		sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p") && [ -n "$all" ] || return
	# shellcheck disable=SC2086 # words are meant
	get "$dir" "bpftrace (63 MB)" $all || return
	rm -rf "$dir/root/usr/share"
}

# For this machine's Python: with libraries that it may lack, and not with another C library.
drgn() {
	dir=$CACHE/foreign/drgn-$arch
	[ -e "$dir/complete" ] && return
	get "$dir" drgn python3-drgn libkdumpfile10 liblzo2-2 libsnappy1v5 libdw1 libelf1 libgomp1
}

kernel() {
	local headers kbuild image

	headers=$(depends "linux-headers-$arch" linux-headers-)
	[ -n "$headers" ] || return
	abi=${headers#linux-headers-}
	dir=$CACHE/kernels/stock-$abi
	[ -e "$dir/complete" ] && return
	kbuild=$(depends "$headers" linux-kbuild-)
	image=$(depends "linux-image-$arch" linux-image-)
	get "$dir" "$image (70 MB) and headers" "$image" "$headers" "$(depends "$headers" linux-headers-)" \
		"$kbuild:$(dpkg --print-architecture)" || return
	cp "$dir/root/boot/vmlinuz-$abi" "$dir/image"
	rm -rf "$dir/root/boot" "$dir/root/lib/modules"
	sed -i "s|/usr/src|$dir/root/usr/src|" "$dir/root/usr/src/$headers/Makefile"
}

case $2 in busybox | kernel | promtool | bpftrace | drgn) ;; *) usage ;; esac
lock "fetch-$arch"
lists=("$CACHE/apt/$arch/lists"/*Packages*)
[ -e "${lists[0]}" ] || update
"$2" || { update && "$2"; } || die_of "$log" "cannot download $2 of $arch"
touch "$dir/complete"
unlock
case $2 in
promtool) printf "PROMTOOL='%s'\n" "$dir/root/usr/bin/promtool" ;;
bpftrace | drgn) printf "ROOT='%s'\n" "$dir/root" ;;
busybox) printf "BUSYBOX='%s'\n" "$dir/root/bin/busybox" ;;
kernel) printf "KIMAGE='%s' KDIR='%s' KTREE=''\n" "$dir/image" "$dir/root/usr/src/linux-headers-$abi" ;;
esac
