#!/bin/bash
# usage: scripts/missing.sh
#
# Checks that make names, in one line, the package that a machine lacks: without headers, with a
# wrong KDIR=, with sources that are not configured, and without a compiler; and that make check
# reports a kernel whose chroot cannot be made, and names the program that a row of
# kernels.txt lacks. Exit status.

. "$(dirname "$0")/lib.sh"

tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
status=0

# says TEXT VARIABLE...: make must fail with one line that has TEXT, and start no kbuild.
says() {
	local out

	if out=$(PATH=${path:-$PATH} make -C "$TOP" --no-print-directory "${@:2}" 2>&1) ||
		[ "$(wc -l <<<"$out")" -ne 1 ] || [[ $out != *"$1"* ]]; then
		printf 'make %s does not say "%s":\n%s\n' "${*:2}" "$1" "$out"
		status=1
	fi
}

for f in Makefile include/generated/autoconf.h; do
	install -D -m 644 /dev/null "$tmp/gcc/$f"
	install -D -m 644 /dev/null "$tmp/debian/$f"
done
# shellcheck disable=SC2016 # make's variables
echo 'CC = $(if $(USE_CCACHE),ccache) $(CROSS_COMPILE)gcc-12' >"$tmp/debian/.kernelvariables"
mkdir "$tmp/bin" "$tmp/source"
touch "$tmp/source/Makefile"
for c in make sh sed uname; do
	ln -s "$(command -v "$c")" "$tmp/bin/"
done

says "install linux-headers-9.9.9 (Debian) or kernel-devel-9.9.9 (Fedora)" KVER=9.9.9
says "KDIR=/nonexistent has no kernel's Makefile" KDIR=/nonexistent
says "KDIR=/nonexistent has no kernel's Makefile" KDIR=/nonexistent clean
says "is not configured" "KDIR=$tmp/source"
path=$tmp/bin
says "install gcc, or set CC=" "KDIR=$tmp/gcc"
says "install gcc-12 (Debian) or gcc (Fedora)," "KDIR=$tmp/debian"
says "install clang lld llvm," "KDIR=$tmp/debian" LLVM=1
says "install clang-19 lld-19 llvm-19," "KDIR=$tmp/gcc" LLVM=-19
says "no tcc, the compiler" "KDIR=$tmp/gcc" "CC=ccache tcc -m64"

# A chroot that cannot be made: the result of the kernel says so, and is repeated at the end.
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$tmp/fake"
	printf '#!/bin/sh\necho "E: no such thing"\nexit 1\n' >"$tmp/fake/mmdebstrap"
	chmod 755 "$tmp/fake/mmdebstrap"
	out=$(PATH=$tmp/fake:$PATH WQC_CACHE=$tmp/cache KSRC=$tmp KERNELS=7.x-trixie \
		SKIP="lint harness formats models port view" "$TOP/scripts/check.sh" 2>&1) && status=1
	if [ "$(grep -c "^not ok 7.x-trixie: .*no chroot of Debian trixie can be made: E: no such thing (see " \
		<<<"$out")" -ne 2 ]; then
		printf 'make check does not say that a chroot is missing:\n%s\n' "$out"
		status=1
	fi
fi

# lacks PROGRAM SCRIPT ROW...: without PROGRAM, SCRIPT must fail with one line that names it and ROW.
lacks() {
	local out got=0

	rm -rf "${tmp:?}/all" && mkdir "$tmp/all"
	ln -s -t "$tmp/all" /usr/bin/*
	rm -f "$tmp/all/$1"
	out=$(PATH=$tmp/all "$TOP/scripts/$2.sh" "${@:3}" 2>&1 </dev/null) || got=$?
	[ "$got" -eq 1 ] && [ "$out" = "$2.sh: kernel $3 needs $1, which is not installed" ] && return
	printf '%s.sh %s does not say that it needs %s:\n%s\n' "${@:2:2}" "$1" "$out"
	status=1
}

lacks aarch64-linux-gnu-gcc-12 build arm64-stock
lacks aarch64-linux-gnu-strip build arm64-stock
lacks aarch64-linux-gnu-gcc-12 kernel 6.12-arm64
lacks qemu-system-aarch64 guest arm64-stock smoke "$tmp/guest"
exit "$status"
