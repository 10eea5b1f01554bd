#!/bin/bash
# usage: scripts/formats.sh [CASE...]
#
# The formatters (lib/format.c, rx/format.c), compared with the C library, and the parser of
# registry texts (nt/cm_text.c), in user space under the address and undefined-behaviour sanitizers:
# tests/user/. Each case runs in a process of its own. Prints "ok format: NAME (...)" or "not ok format: NAME (WHY)"; exit status.

. "$(dirname "$0")/lib.sh"

timed "formats${*:+ $*}"
"$TOP/scripts/deps.sh" formats || exit 1
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
status=0
sources=(lib/format.c rx/format.c nt/cm_text.c lib/format.h rx/format.h nt/cm_text.h wq_types.h)

not_ok() {
	printf 'not ok format: %s\n' "$*"
	status=1
}

# tests/user/shim.h replaces each kernel header.
cd "$TOP"
mkdir "$tmp/linux"
sed -n -E 's/^#include <(linux\/.*)>$/\1/p' "${sources[@]}" | sort -u | while read -r header; do
	echo '#include "shim.h"' >"$tmp/$header"
done

flags=(-std=gnu11 -O1 -g -Wall -fms-extensions -fno-omit-frame-pointer
	"-fsanitize=address,undefined" -fno-sanitize-recover=all)
if ! gcc "${flags[@]}" -I"$tmp" -I. -Itests/user -o "$tmp/test" \
	tests/user/{format,registry}_test.c lib/format.c rx/format.c nt/cm_text.c >"$tmp/log" 2>&1; then
	grep -E -A3 "error|warning" "$tmp/log" | head -n 40 >&2
	not_ok "it compiles ($(grep -m1 -E 'error|cannot find' "$tmp/log"))"
	exit 1
fi

# The fixed addresses of the sanitizer can collide with randomized ones: disable ASLR if possible.
run=()
! setarch "$(uname -m)" -R true 2>/dev/null || run=(setarch "$(uname -m)" -R)
mapfile -t cases < <("${run[@]}" "$tmp/test")
[ "${#cases[@]}" -gt 0 ] || { not_ok "the test runs"; exit 1; }
for name in "${cases[@]}"; do
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	result=0
	timeout 120 "${run[@]}" "$tmp/test" "$name" >"$tmp/out" 2>"$tmp/log" || result=$?
	if [ "$result" -eq 0 ]; then
		echo "ok format: $name ($(tail -n 1 "$tmp/out"))"
		continue
	fi
	head -n 40 "$tmp/log" >&2
	why=$(grep -m1 -E 'runtime error|ERROR: .*Sanitizer' "$tmp/log" || tail -n 1 "$tmp/out")
	[ "$result" -ne 124 ] || why="no end within 120 s"
	not_ok "$name (${why:-exit status $result})"
done
exit "$status"
