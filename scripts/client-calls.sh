#!/bin/sh
# usage: scripts/client-calls.sh DRIVER OBJECT...     (from client.mk)
#
# Prints C text: a definition for each call that the objects of a driver make, and that is not
# implemented (include/wqc/spoken.h has them all). Lists these calls on standard error; with
# WQC_STRICT=1 they are an error, and so is in any case a function that two objects define, unless
# both have it from a header as an inline one. Lists, too, the jumps out of __try that LEAVES has, as
# client-includes.sh prints them.

driver=$1
shift
top=$(cd "$(dirname "$0")/.." && pwd)
spoken=$top/include/wqc/spoken.h
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Lines "d NAME", "c NAME" (in a section of inline functions), "u NAME".
for object in "$@"; do
	${OBJDUMP:-objdump} -t "$object" >"$tmp/table" || exit 1
	awk 'NF > 3 {
		flags = substr($0, 18, 7)
		section = substr($0, 26)
		sub(/[ \t].*/, "", section)
		if (section == "*UND*")
			print "u", $NF
		else if (substr(flags, 1, 1) == "g" && substr(flags, 2, 1) != "w")
			print section ~ /^\.text\.wqc_comdat/ ? "c" : "d", $NF
	}' "$tmp/table" >>"$tmp/symbols"
	# One relocation is one call, or one use of the address.
	${OBJDUMP:-objdump} -r "$object" >>"$tmp/relocations" || exit 1
done

# A header may be that of several sources.
for jump in $LEAVES; do
	printf '%s\n' "${jump#*:}"
done | sort -u -t: -k1,1 -k2,2n -k3 | while IFS=: read -r file line word; do
	printf '%s: leaves __try by %s: __finally does not run: %s:%s\n' "$driver" "$word" "$file" "$line" >&2
done

twice=$(awk '$1 == "d" && had[$2]++ == 1 { print $2 }' "$tmp/symbols")
if [ -n "$twice" ]; then
	printf '%s: defined more than once:\n%s\n' "$driver" "$twice" >&2
	exit 1
fi

awk -v driver="$driver" -v strict="$WQC_STRICT" -v unusable="$UNUSABLE" -v relocations="$tmp/relocations" '
	FILENAME ~ /symbols$/ {
		if ($1 == "u")
			wanted[$2] = 1
		else
			has[$2] = 1
		next
	}
	FILENAME ~ /relocations$/ {
		name = $3
		sub(/[-+]0x[0-9a-f]+$/, "", name)
		uses[name]++
		next
	}
	# A declaration may be continued on lines that begin with a tab.
	/^NTC_SPOKEN/ { text = $0; open = 1 }
	/^\t/ && open { sub(/^\t+/, " "); text = text $0 }
	open && /\)$/ {
		open = 0
		name = text
		sub(/^[^,]*,[ \t]*/, "", name)
		sub(/,.*/, "", name)
		if (wanted[name] && !has[name]) {
			calls += uses[name]
			list = list "\n\t" name " (" uses[name] ")"
			body = body "static unsigned long wqc_sites_" name "[" uses[name] + 1 "];\n"
			body = body text "\n"
		}
	}
	END {
		if (unusable != "")
			print driver ": included, but not implemented: " unusable >"/dev/stderr"
		if (!calls)
			exit
		print driver ": " calls " calls that are not here:" list >"/dev/stderr"
		if (strict != "" && strict != "0")
			exit 1
		print "#include \"" bodies "\""
		printf "%s", body
	}' bodies="$top/nt/client_calls.h" "$tmp/symbols" "$tmp/relocations" "$spoken"
