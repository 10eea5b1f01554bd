#!/bin/bash
# usage: scripts/lint.sh [NAME...]     (make lint)
#
# Runs static checks on all files that git does not ignore; NAME: only these checks. For each
# check prints its complaints and "ok lint: NAME" or "not ok lint: NAME"; exit status.

# shellcheck disable=SC2046,SC2317 # words are meant; the checks are called by name

. "$(dirname "$0")/lib.sh"

timed "lint${*:+ $*}"
"$TOP/scripts/deps.sh" lint || exit 1
cd "$TOP"
src=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}
tmp=$(mktemp -d)
undo "rm -rf '$tmp'"
only=" $* " status=0

mapfile -t code < <(tree_files '*.c' '*.h')
# Windows drivers have another style: lint_mingw checks them.
mapfile -t ours < <(printf '%s\n' "${code[@]}" | grep -v -e '^tests/clients/' -e '^samples/journal/' -e '^samples/stack/' -e '^tests/drivers/msvc')
mapfile -t core < <(tree_files ':(glob)*.[ch]' {core,rx,diag,lib,nt}/'*.[ch]' 'include/*.h')
mapfile -t public < <(printf '%s\n' "${core[@]}" | grep -v -e internal -e core/core.h)
mapfile -t shell < <(tree_files 'scripts/*.sh' 'scripts/wqc-[nt]*' scripts/keep-symvers scripts/dkms-hook debian/*.{postinst,prerm} 'tests/*.sh' tests/guest/init .ci/run)
mapfile -t text < <(tree_files ':!tests/mutations/*' ':!tests/harness/golden/*' ':!COPYING')

check() {
	local name=$1 log=$tmp/log

	[ "$only" = "  " ] || [[ $only == *" $name "* ]] || return 0
	if "lint_$name" >"$log" 2>&1; then
		echo "ok lint: $name"
	else
		tail -n 60 "$log" | sed "s|$TOP/||"
		echo "not ok lint: $name"
		status=1 first=${first:-$name: $(matters "$log")}
	fi
}

# A file that was clean is clean as long as it, the tools and the rules are the same.
rules="$src $(cat scripts/lint.sh .checkpatch.conf scripts/nt-types.txt "$src/scripts/checkpatch.pl" \
	<(gcc --version) <(clang --version) | sha256sum | cut -c1-64)"
new_to() { # new_to CHECK FILE...: sets $new to the changed files, each a line for remember
	touch "$CACHE/clean"
	sha256sum "${@:2}" | sed "s|^|$1 $rules |; s|  $tmp/|  |" >"$tmp/all" || return 1
	grep -v -x -F -f "$CACHE/clean" "$tmp/all" >"$tmp/new" || [ $? -eq 1 ] || return 1
	mapfile -t new <"$tmp/new"
}
remember() { printf '%s\n' "$@" >>"$CACHE/clean"; }

# Runs outside of the tree, because checkpatch leaves a file in its working directory.
lint_checkpatch() {
	local new bad=0
	local run=(perl "$src/scripts/checkpatch.pl" --terse --show-types --no-summary
		--root "$tmp" --typedefsfile "$TOP/scripts/nt-types.txt")
	look() { # look PATTERN OPTION...
		local files
		mapfile -t files < <(printf '%s\n' "${new[@]##* }" | grep -P "$1" | sed "s|^|$TOP/|")
		[ "${#files[@]}" -eq 0 ] || "${run[@]}" "${@:2}" --file "${files[@]}" || bad=1
	}
	new_to checkpatch "${ours[@]}" || return 1
	[ "${#new[@]}" -gt 0 ] || return 0
	mkdir -p "$tmp/include"
	cd "$tmp" || return 1
	cp "$TOP/.checkpatch.conf" .
	look '^(?!include/|nt/client_calls\.h).*(?<!/trace\.h)$'
	# The interface of Windows determines the form of these macros and barriers.
	look '^(include/|nt/client_calls\.h)' \
		--ignore MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,COMPLEX_MACRO,MEMORY_BARRIER \
		--ignore MULTISTATEMENT_MACRO_USE_DO_WHILE,FUNCTION_ARGUMENTS,USE_LOCKDEP,SPACING,LINE_SPACING \
		--ignore PREFER_DEFINED_ATTRIBUTE_MACRO,INLINE,IF_DEFINE,LONG_LINE,REPEATED_WORD \
		--ignore FLEXIBLE_ARRAY,TYPO_SPELLING,PARENTHESIS_ALIGNMENT,AVOID_BUG,TRAILING_SEMICOLON
	# The trace headers of the kernel have the same layout.
	look '/trace\.h$' --ignore PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE
	cd "$TOP" || return 1
	[ "$bad" -eq 0 ] && remember "${new[@]}"
}

lint_gcc() { "$TOP/scripts/build.sh" lint-gcc; }
lint_clang() { "$TOP/scripts/build.sh" lint-clang; }
# Has its own objects: sparse reads what make compiles, which is what changed since its last run.
lint_sparse() {
	local vars f tool
	tool=$(sparse --version | cat - scripts/sparse.sh | cksum | cut -d' ' -f1)
	vars=$(WQC_OBJECTS=sparse-$tool WQC_MAKE="C=1 CHECK=$TOP/scripts/sparse.sh" \
		"$TOP/scripts/build.sh" lint-gcc) || return 1
	eval "$vars"
	for f in "${core[@]}"; do
		[ ! -e "$OBJECTS/${f%.c}.o" ] || grep -q -F -x "$OBJECTS/$f" "$OBJECTS/.sparse" ||
			{ echo "sparse has not read $f"; return 1; }
	done
}

# kernel-doc does not know that VOID is void.
lint_kernel_doc() {
	local void
	void=$(sed -n -E 's/^.*\bVOID (NTAPI )?(\w+)\(.*/\2/p' "${core[@]}" | paste -s -d'|')
	! perl "$src/scripts/kernel-doc" -none -Wall "${public[@]}" 2>&1 |
		grep -v -E "return value of '(${void:-none})'"
}

lint_shellcheck() { shellcheck "${shell[@]}"; }

lint_codespell() { codespell --ignore-words-list=inout,ist,persistant,arre "${text[@]}"; }

lint_whitespace() {
	local f
	# Spaces at the end of a line, spaces before a tab, no newline at the end of the file.
	! grep -nIE '[[:blank:]]+$| +	' "${text[@]}" || return 1
	for f in "${text[@]}"; do
		[ ! -s "$f" ] || [ -z "$(tail -c 1 "$f")" ] || { echo "$f: no newline at its end"; return 1; }
	done
}

lint_python() { pyflakes3 scripts/*.py scripts/wqc-port scripts/wqc-crash; }

# The drivers must also compile with the headers of Windows (mingw-w64).
lint_mingw() { "$TOP/scripts/mingw.sh"; }

# Structures are laid out as Windows lays them out, but for those of scripts/layouts.txt.
lint_layouts() { "$TOP/scripts/layouts.sh"; }

# The headers for Windows sources must accept and refuse what headers.sh lists.
lint_headers() {
	local new
	# One line for all files together.
	sha256sum "${core[@]}" client.mk scripts/{headers,build,kernel,lib}.sh scripts/kernels.txt \
		tests/configs/* >"$tmp/headers" || return 1
	new_to headers "$tmp/headers" || return 1
	[ "${#new[@]}" -gt 0 ] || return 0
	"$TOP/scripts/headers.sh" lint-gcc lint-clang && remember "${new[@]}"
}

# The engine includes and calls nothing of the fronts and of diag/.
lint_rooms() {
	local vars
	vars=$("$TOP/scripts/build.sh" lint-gcc) && eval "$vars" &&
		"$PYTHON" "$TOP/scripts/rooms.py" "$TOP" "$OBJECTS"
}

# Generated pages are current, each rule of docs/ has a test that exists, and so does each link's
# target.
lint_semantics() { "$PYTHON" "$TOP/scripts/semantics.py" --check; }
lint_kernels() { "$PYTHON" "$TOP/scripts/kernels.py" --check; }
lint_api() { "$TOP/scripts/api.sh" --check; }
lint_abi() { "$PYTHON" scripts/abi.py --check && ! perl "$src/scripts/get_abi.pl" --dir docs/abi validate 2>&1 | grep .; }
lint_links() { "$PYTHON" "$TOP/scripts/links.py"; }

# docs/debugging.md must have every message that the modules print, and no other.
lint_reports() { "$PYTHON" "$TOP/scripts/reports.py" --check; }

# Each mutation must apply in exactly one place, and name cases that exist.
lint_mutations() { "$PYTHON" "$TOP/scripts/mutations.py"; }

# Installed files must agree with the sources on modules, parameters and versions.
lint_installed() { "$PYTHON" "$TOP/scripts/installed.py" --check; }

# The tools must print the same with every installed awk; guests only have that of busybox.
lint_awk() { "$TOP/scripts/awk.sh"; }

# Without headers or compiler, make names the package.
lint_missing() { "$TOP/scripts/missing.sh"; }

# Differences between kernels belong in a shadow header or a compile probe.
lint_no_version_checks() { ! grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION' "${core[@]}"; }

# Addresses are printed hashed, symbols are exported to GPL modules only, formats are literals,
# and only root can read files of debugfs or write parameters.
lint_security() {
	local bad=0
	! grep -nE '%p[xK]' "${core[@]}" || bad=1
	! grep -nE 'EXPORT_SYMBOL(_NS)?\(' "${code[@]}" || bad=1
	! grep -nP '(?<!ntc_v)(pr_[a-z]+|printk|panic|sc?n?printf|seq_printf)\((m, |[a-z]+, (sizeof\([a-z]+\)|[A-Z_]+), )?+[a-z_>.-]+[,)]' \
		"${core[@]}" || bad=1
	! grep -nE 'debugfs_create_file\(' "${core[@]}" | grep -vE ', 0(400|600), ' || bad=1
	! grep -nE '^module_param.*\);' "${core[@]}" | grep -vE ', 0(444|644)\);' || bad=1
	grep -q 'debugfs_create_file' "${core[@]}" && grep -q '^module_param' "${core[@]}" || bad=1
	return "$bad"
}

# Files stay short enough to read in one sitting.
lint_sizes() {
	local bad
	# Headers are as long as those of Windows that they stand for.
	bad=$(wc -l "${core[@]}" scripts/*.sh scripts/*.py | awk '
		$2 ~ /^scripts/ && $1 > 200 || $2 !~ /^(scripts|total|include)/ && $1 > 620')
	[ -z "$bad" ] || { echo "$bad"; return 1; }
}

# Prepare the kernels here, where the progress is visible.
for k in lint-gcc lint-clang; do
	"$TOP/scripts/kernel.sh" "$k" >/dev/null || exit 1
done
for name in checkpatch gcc clang sparse kernel_doc shellcheck python codespell whitespace mingw layouts headers \
	rooms semantics mutations kernels api abi links reports installed awk missing \
	no_version_checks security sizes; do
	check "$name"
done
[ -z "${first:-}" ] || say "lint: failed: ${first//"$TOP"\//}"
exit "$status"
