#!/bin/bash
# usage: scripts/layouts.sh
#
# Checks that the structures of include/ are laid out as those of Windows: layouts.py.

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
kernel_row lint-gcc
vars=$("$TOP/scripts/kernel.sh" "$K_NAME") || exit 1
eval "$vars"
printf '#include <ntifs.h>\n' >"$tmp/all.c"
printf 'obj-m += all.o\ninclude %s/client.mk\n' "$TOP" >"$tmp/Kbuild"
make -s -C "$KDIR" "M=$tmp" KBUILD_MODPOST_WARN=1 \
	KCFLAGS="-g -fno-eliminate-unused-debug-types" wqc_source_all.o >"$tmp/log" 2>&1 ||
	die "ntifs.h does not compile: $(grep -m 1 error "$tmp/log")"
"$PYTHON" "$TOP/scripts/layouts.py" "$tmp/wqc_source_all.o" x86_64-w64-mingw32-gcc -fsyntax-only \
	-std=gnu11 -w -D_AMD64_ -D_WIN64 -D_WIN32_WINNT=0x0A00 -DNTDDI_VERSION=0x0A000000 \
	-isystem /usr/x86_64-w64-mingw32/include/ddk
