#!/bin/bash
# usage: scripts/models.sh [NAME...]
#
# Proofs of orderings and of the wake-up protocol. NAME: only these.
#   tests/litmus/NAME.litmus   a pattern of accesses, by herd7 in the kernel's memory model
#                              (tools/memory-model): the outcome behind "exists" is impossible
#   tests/models/NAME.pml      a model of the protocol, by spin: no state breaks an assertion
# Each has twins, in which one thing is taken away, and which must fail: that is what shows
# that it looks at all. In a litmus test a line "CODE // weakN: OTHER" is OTHER in its twin N;
# of a spin model each line "Weak: NAME OPTIONS" in its head is one, with these options of cpp.
# "Stands for:" in the head names the functions, and they must be there.
#
# Prints "ok model: NAME" or "not ok model: NAME (why)"; exit status. herd7 is in no stable
# Debian: it is fetched from the machine's own mirror, with its libraries, into the cache.

. "$(dirname "$0")/lib.sh"

"$TOP/scripts/deps.sh" models || exit 1
status=0
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
herd=$CACHE/herd
only=" $* "

wanted() { [ "$only" = "  " ] || [[ $only == *" $1 "* ]]; }
verdict() { # verdict NAME [WHY]
	[ $# -gt 1 ] || { echo "ok model: $1"; return; }
	echo "not ok model: $1 ($2)"
	status=1
}

# ---- herd7 --------------------------------------------------------------------------------

# An apt of its own: other sources and lists, and nothing is installed.
herd_apt() {
	progress "herd7: apt-get $*" "$herd.log" apt-get -q -y -o "Dir::Etc::SourceList=$herd/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$herd/lists" \
		-o "Dir::State::status=$herd/status" -o "Dir::Cache=$herd/cache" -o Debug::NoLocking=1 \
		-o Acquire::Languages=none -o APT::Install-Recommends=0 -o APT::Sandbox::User= "$@"
}

fetch_herd() {
	local uri suite deb

	# shellcheck disable=SC2016 # apt's variables
	uri=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
		awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }')
	[ -n "$uri" ] || { say "this machine's apt has no Debian mirror"; return 1; }
	for suite in testing unstable; do
		rm -rf "$herd"
		mkdir -p "$herd"/{lists,cache/archives}/partial "$herd/root"
		: >"$herd/status"
		echo "deb $uri $suite main" >"$herd/sources.list"
		! herd_apt update || ! herd_apt -d install herdtools7 || break
	done
	for deb in "$herd"/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$herd/root" || return 1
	done
	# The rest is other tools, documents and their indexes.
	mv "$herd/root/usr/share/herdtools7/herd" "$herd/lib"
	find "$herd/root" -name herd7 -exec mv {} "$herd/herd7" \;
	mkdir "$herd/so"
	find "$herd/root" \( -name 'ld-linux*' -o -name 'lib[cm].so.*' -o -name 'libgmp.so.*' \) \
		-exec cp -L -t "$herd/so" {} \; 2>/dev/null
	rm -rf "$herd"/{root,lists,cache}
	run_herd -version >/dev/null && touch "$herd/complete"
}

# With the C library it was made for.
run_herd() {
	(cd "$model" && "$herd/so/ld-linux-x86-64.so.2" --library-path "$herd/so" "$herd/herd7" \
		-set-libdir "$herd/lib" "$@")
}

outcome() { # outcome FILE: Never, or Sometimes, Always; or what is wrong
	run_herd -conf linux-kernel.cfg "$1" >"$tmp/herd" 2>&1 || :
	sed -n 's/^Observation [^ ]* \([A-Za-z]*\) .*/\1/p; t; s/.*\([Ee]rror\)/\1/p' "$tmp/herd" | head -n 1
}

# Functions of the tree that are named there; the kernel's have other names.
are_there() { # are_there FILE
	local f names

	names=$(sed -n '/Stands for:/,/\*[)/]/p' "$1" | grep -o -E '\bwqc_\w+\(' | sort -u)
	[ -n "$names" ] || echo "it stands for nothing"
	while read -r f; do
		grep -q -F "$f" "$TOP"/*.[ch] || { echo "$f) is not there"; return; }
	done <<<"$names"
}

litmus() { # litmus FILE
	local name n=1 why got

	name=$(basename "$1" .litmus)
	why=$(are_there "$1")
	[ -z "$why" ] || { verdict "$name" "$why"; return; }
	got=$(outcome "$1")
	[ "$got" = Never ] || { verdict "$name" "${got:-no outcome}: what must not be is possible"; return; }
	for ((n = 1; ; n++)); do
		grep -q "// weak$n:" "$1" || break
		awk -v mark="// weak$n:" '!(at = index($0, mark)) { print; next } {
			text = substr($0, at + length(mark))
			print (end = index(text, "// weak")) ? substr(text, 1, end - 1) : text
		}' "$1" >"$tmp/$name-weak$n.litmus"
		got=$(outcome "$tmp/$name-weak$n.litmus")
		[ "$got" = Sometimes ] || { verdict "$name" "weak$n: ${got:-no outcome}: nothing fails without it"; return; }
	done
	[ "$n" -gt 1 ] || { verdict "$name" "it has no twin that fails"; return; }
	verdict "$name"
}

all_litmus() {
	local f

	lock herd
	if [ ! -e "$herd/complete" ] && ! fetch_herd; then
		verdict herd7 "cannot be fetched, see $herd.log"
		return
	fi
	unlock
	for f in "$TOP"/tests/litmus/*.litmus; do
		! wanted "$(basename "$f" .litmus)" || litmus "$f"
	done
}

# ---- spin ---------------------------------------------------------------------------------

# search FILE OPTION...: every state. 0: no error; 1: one was found; 2: it does not compile or end.
search() {
	local dir

	dir=$(mktemp -d -p "$tmp")
	(cd "$dir" && spin -a "${@:2}" "$1" && gcc -O1 -w -DSAFETY -DCOLLAPSE -DVECTORSZ=4096 -DMEMLIM=1500 \
		-o pan pan.c) >"$dir/log" 2>&1 || { tail -n 3 "$dir/log" >&2; return 2; }
	(cd "$dir" && timeout 300 ./pan -m1000000 -n >pan.out 2>&1) || :
	grep -q '^State-vector' "$dir/pan.out" && ! grep -q -i -E 'out of memory|search not completed|max search depth too small' "$dir/pan.out" ||
		grep -q 'assertion violated\|invalid end state' "$dir/pan.out" || { tail -n 5 "$dir/pan.out" >&2; return 2; }
	grep -q 'errors: 0' "$dir/pan.out"
}

protocol() { # protocol FILE
	local name why got weak options n=0

	name=$(basename "$1" .pml)
	why=$(are_there "$1")
	[ -z "$why" ] || { verdict "$name" "$why"; return; }
	sed -n 's/^ \* Holds: *//p' "$1" >"$tmp/holds"
	while read -r weak options; do
		got=0
		# shellcheck disable=SC2086 # words are meant
		search "$1" $options || got=$?
		[ "$got" -eq 0 ] || { verdict "$name" "$weak: status $got"; return; }
	done <"$tmp/holds"
	sed -n 's/^ \* Weak: *//p' "$1" >"$tmp/weak"
	while read -r weak options; do
		got=0
		# shellcheck disable=SC2086
		search "$1" $options || got=$?
		[ "$got" -eq 1 ] || { verdict "$name" "$weak: nothing fails"; return; }
		n=$((n + 1))
	done <"$tmp/weak"
	if [ ! -s "$tmp/holds" ] || [ "$n" -eq 0 ]; then
		verdict "$name" "no case of it"
	else
		verdict "$name"
	fi
}

model=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/memory-model
all_litmus
for f in "$TOP"/tests/models/*.pml; do
	! wanted "$(basename "$f" .pml)" || protocol "$f"
done
exit "$status"
