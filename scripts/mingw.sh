#!/bin/bash
# usage: scripts/mingw.sh [FILE...]
#
# Checks that each driver in tests/clients, samples/journal and samples/stack is Windows source: it must compile
# against mingw-w64's DDK headers, which do not know wq_compat. Redirectors are left out, because
# mingw-w64 has no rx.h; tests/clients/mingw/absent.h names what else mingw-w64 lacks, and each
# of those names must be absent in mingw-w64 and used by a driver.

. "$(dirname "$0")/lib.sh"

case ${1:-} in -*) usage ;; esac
cd "$TOP/tests/clients"
cc=x86_64-w64-mingw32-gcc
ddk=/usr/x86_64-w64-mingw32/include/ddk
[ -e "$ddk/ntddk.h" ] || die "$ddk has no ntddk.h: install mingw-w64-x86-64-dev"
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
bad=0

# To a Windows compiler "inc\x.h" is a path; on Linux the compiler needs a file of that name.
for h in inc/*.h; do
	ln -s "$PWD/$h" "$tmp/${h//\//\\}"
done

# Warnings are errors, except those that the drivers provoke to prove that they are harmless.
compile() {
	"$cc" -fsyntax-only -std=gnu11 -Wall -Werror -Wno-multichar -Wno-unknown-pragmas \
		-Wno-incompatible-pointer-types -D_AMD64_ -D_WIN64 -D_WIN32_WINNT=0x0A00 \
		-DNTDDI_VERSION=0x0A000000 -isystem "$ddk" -I "$tmp" -include mingw/absent.h "$@"
}

# Sources that are not for Windows must be refused.
control() {
	if printf '%s\n' "$1" | compile -x c - 2>/dev/null; then
		echo "this passes: $1"
		bad=1
	fi
}
control '#include <linux/module.h>'
control '#include <wq_compat.h>'
control $'#include <ntddk.h>\nPVOID f(VOID) { return kmalloc(1, GFP_KERNEL); }'
control $'#include <ntddk.h>\nstruct list_head h;'

[ $# -gt 0 ] || set -- *.c ../../samples/journal/*.c ../../samples/stack/*.c
checked=0
for f in "$@"; do
	if grep -q -E '^#include [<"]rx\.h' "$f"; then
		continue
	fi
	checked=$((checked + 1))
	compile "$f" || { echo "$f: this is not Windows source"; bad=1; }
done
[ "$checked" -gt 0 ] || die "nothing to check"

while read -r name; do
	if grep -q -w -r --include='*.h' -e "$name" "$ddk"; then
		echo "mingw/absent.h: mingw-w64 has $name"
		bad=1
	fi
	grep -q -w -e "$name" -- *.c || { echo "mingw/absent.h: no driver uses $name"; bad=1; }
done < <(sed -n -E 's/^#define (\w+).*/\1/p' mingw/absent.h)
exit "$bad"
