#!/bin/bash
# usage: scripts/models.sh [NAME...]
#
# Proves orderings and the wake-up protocol. NAME: only these.
#   tests/litmus/NAME.litmus   a pattern of memory accesses; herd7 proves in the kernel's memory
#                              model (tools/memory-model) that the outcome in "exists" is impossible
#   tests/models/NAME.pml      a model of the protocol; spin proves that no state violates an
#                              assertion
# Each has weakened twins without one ordering or one step. A twin must fail, which shows that
# the proof depends on what it lacks. In a litmus test a line "CODE // weakN: OTHER" is OTHER in
# twin N; of a spin model each line "Weak: NAME OPTIONS" in the head is a twin, with these
# options of cpp. The head also says which lines of the sources a proof stands for: litmus.py, which
# fails it when they are no longer there, and fails "order" when a barrier has no proof.
#
# Prints "ok model: NAME" or "not ok model: NAME (why)"; exit status. A proof is not repeated
# as long as the model, the tools and this script are the same. No stable Debian has herd7: it is
# downloaded from the configured mirror, with its libraries, into the cache.

. "$(dirname "$0")/lib.sh"

timed "models${*:+ $*}"
"$TOP/scripts/deps.sh" models || exit 1
status=0
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
herd=$CACHE/herd
only=" $* "
tools=

wanted() { [ "$only" = "  " ] || [[ $only == *" $1 "* ]]; }
verdict() { # verdict NAME [WHY]
	[ $# -gt 1 ] || { echo "ok model: $1" && echo "$key" >>"$CACHE/proven" && return; }
	echo "not ok model: $1 ($2)"
	status=1
}

# proven FILE: whether these tools have proved it before; sets $key for verdict.
proven() {
	[ -n "$tools" ] || tools=$(cat "$TOP/scripts/models.sh" "$model"/linux-kernel.* "$herd/herd7" \
		<(spin -V; gcc --version) | sha256sum)
	key=$(echo "$tools" | cat "$1" - | sha256sum)
	touch "$CACHE/proven"
	grep -q -x -F "$key" "$CACHE/proven"
}

# ---- herd7 --------------------------------------------------------------------------------

# A separate apt, with its own sources and lists; it installs nothing on the machine.
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
	# Only herd7, its models and its libraries are kept.
	mv "$herd/root/usr/share/herdtools7/herd" "$herd/lib"
	find "$herd/root" -name herd7 -exec mv {} "$herd/herd7" \;
	mkdir "$herd/so"
	find "$herd/root" \( -name 'ld-linux*' -o -name 'lib[cm].so.*' -o -name 'libgmp.so.*' \) \
		-exec cp -L -t "$herd/so" {} \; 2>/dev/null
	rm -rf "$herd"/{root,lists,cache}
	run_herd -version >/dev/null && touch "$herd/complete"
}

# Runs herd7 with the C library that it was built for.
run_herd() {
	(cd "$model" && "$herd/so/ld-linux-x86-64.so.2" --library-path "$herd/so" "$herd/herd7" \
		-set-libdir "$herd/lib" "$@")
}

outcome() { # outcome FILE: prints Never, Sometimes, Always, or the error
	run_herd -conf linux-kernel.cfg "$1" >"$tmp/herd" 2>&1 || :
	sed -n 's/^Observation [^ ]* \([A-Za-z]*\) .*/\1/p; t; s/.*\([Ee]rror\)/\1/p' "$tmp/herd" | head -n 1
}

# Prints why the sources are not what NAME stands for.
untied() { sed -n "s/^$1 //p" "$tmp/untied" | head -n 1; }

litmus() { # litmus FILE
	local name n=1 why got

	name=$(basename "$1" .litmus)
	why=$(untied "$name")
	[ -z "$why" ] || { verdict "$name" "$why"; return; }
	! proven "$1" || { echo "ok model: $name"; return; }
	got=$(outcome "$1")
	[ "$got" = Never ] || { verdict "$name" "${got:-no outcome}: the forbidden outcome is possible"; return; }
	for ((n = 1; ; n++)); do
		grep -q "// weak$n:" "$1" || break
		awk -v mark="// weak$n:" '!(at = index($0, mark)) { print; next } {
			text = substr($0, at + length(mark))
			print (end = index(text, "// weak")) ? substr(text, 1, end - 1) : text
		}' "$1" >"$tmp/$name-weak$n.litmus"
		got=$(outcome "$tmp/$name-weak$n.litmus")
		[ "$got" = Sometimes ] || { verdict "$name" "weak$n: ${got:-no outcome}: the twin does not fail"; return; }
	done
	[ "$n" -gt 1 ] || { verdict "$name" "it has no twin"; return; }
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

# search FILE OPTION...: visits every state. 0: no error; 1: an error; 2: no build, or no end.
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
	why=$(untied "$name")
	[ -z "$why" ] || { verdict "$name" "$why"; return; }
	! proven "$1" || { echo "ok model: $name"; return; }
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
		[ "$got" -eq 1 ] || { verdict "$name" "$weak: the twin does not fail"; return; }
		n=$((n + 1))
	done <"$tmp/weak"
	if [ ! -s "$tmp/holds" ] || [ "$n" -eq 0 ]; then
		verdict "$name" "no case"
	else
		verdict "$name"
	fi
}

model=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/memory-model
"$PYTHON" "$TOP/scripts/litmus.py" "${model%/tools/memory-model}" >"$tmp/untied"
if wanted order; then
	why=$(untied order)
	echo "${why:+not }ok model: order${why:+ ($why)}"
	[ -z "$why" ] || status=1
fi
all_litmus
for f in "$TOP"/tests/models/*.pml; do
	! wanted "$(basename "$f" .pml)" || protocol "$f"
done
exit "$status"
