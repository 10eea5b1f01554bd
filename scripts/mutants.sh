#!/bin/bash
# usage: [ONLY="NAME..."] scripts/mutants.sh     (make mutants)
#
# Do the tests test? Each tests/mutations/NAME.patch breaks the module in one way. It is
# applied to a copy, built, booted and judged: a case that it names must turn red, and no
# other. After a crash or a hang in the named case others may be red too.
#
# A patch begins with these lines, of which Promise and Case must be there:
#   Promise: what the module promises and the patch takes away
#   Case: SUITE.CASE      must turn red; of several Case lines at least one
#   Also: SUITE.CASE      may turn red too
#   Suite: SUITE          run only this one          Kernel: NAME   default 6.1-plain
#   Script: NAME          guest script, default kunit    Limit: SECONDS  default 90
# "Script: install-packages" or "install-by_hand" is that part of install-test.sh, which must
# say no (Case: install.ITS_NAME). "Script: formats" is formats.sh (Case: format.ITS_NAME).

. "$(dirname "$0")/lib.sh"

[ $# -eq 0 ] || usage
"$TOP/scripts/deps.sh" check-all || exit 1
kunit_py=${KSRC:-$("$TOP/scripts/kernel.sh" --source linux-source-6.12)}/tools/testing/kunit/kunit.py
# Of this checkout: others may have their own at the same time.
work=$CACHE/mutants-$(printf '%s' "$TOP" | cksum | cut -d' ' -f1)
lock "${work##*/}"
tree=$work/tree
mkdir -p "$work"
passed=0 failed=0
# Of its own, too: others shall not have to compile again what a mutant has changed.
export WQC_OBJECTS=${work##*/}
# What must happen has less time here: a mutant that hangs shall not hang for long.
export WQC_TIMEOUT=${WQC_TIMEOUT:-10}

header() { sed -n -E "/^(---|diff) /q; s/^$2: *//p" "$1"; }

# A fresh copy of the tree, with only the suite that is wanted.
make_mutant() {
	local patch=$1 suite=$2 file f

	rm -rf "$tree"
	mkdir -p "$tree"
	copy_tree "$TOP" "$tree"
	patch -s -p1 -d "$tree" <"$patch" >"$work/log" 2>&1 || { echo "the patch does not apply"; return 1; }
	[ -n "$suite" ] || return 0
	file=$(grep -l "\.name = \"$suite\"" "$tree"/tests/*_kunit.c) || { echo "no suite $suite"; return 1; }
	f=$(basename "$file" .c).o
	sed -i -E "/_kunit\.o/{/[ =]$f/!d}" "$tree/tests/Kbuild"
}

# What became of it: "red CASE", "died in CASE", or "SURVIVED" and why.
judge() {
	"$PYTHON" - "$1" "$2" "$3" <<-'EOF'
	import json, sys
	try:
	    v = json.load(open(sys.argv[1]))
	except (OSError, ValueError) as e:
	    sys.exit(print("NOT JUDGED: %s" % e) or 1)
	cases, also = sys.argv[2].split(), sys.argv[3].split()
	missing = {f["name"] for f in v["failures"] if f["kind"] == "missing"}
	bad = [n for n, s in v["results"].items() if s == "fail"]
	red = [c for c in cases if c in bad and c not in missing]
	# Nothing that comes after a crash or a hang says anything.
	upset = v["lost"] or v["results"].get("log_is_clean") == "fail"
	other = [] if upset else [n for n in bad if n not in cases + also]
	known = [c for c in cases if c not in v["results"]]
	if red and not other:
	    print("red: " + " ".join(red) + (" (and the guest died or reported)" if upset else ""))
	elif v["lost"] and v["lost_in"] in cases:
	    print("the guest died or hung in " + v["lost_in"])
	elif red:
	    print("NOT ONLY THIS: also red: " + " ".join(other))
	elif known and not v["lost"]:
	    print("NO SUCH CASE: " + " ".join(known))
	else:
	    print("SURVIVED" + (": red instead: " + " ".join(bad) if bad else "") +
	          (", lost in " + v["lost_in"] if v["lost"] else ""))
	sys.exit(not ((red and not other) or (v["lost"] and v["lost_in"] in cases)))
	EOF
}

# What a script of the mutant prints, "ok LABEL: NAME", as a verdict for judge().
script_verdict() { # script_verdict DIR LABEL SCRIPT
	"$tree/scripts/$3" >"$1/console.log" 2>&1 || :
	"$PYTHON" - "$2" "$1/console.log" >"$1/verdict.json" <<-'EOF'
	import json, re, sys
	label, log = sys.argv[1:]
	said = re.findall(r"^(ok|not ok) %s: (.*?)(?: \(.*)?$" % label, open(log, errors="replace").read(), re.M)
	results = {label + "." + name.replace(" ", "_"): "pass" if how == "ok" else "fail"
	           for how, name in said}
	json.dump({"results": results, "failures": [], "lost": False, "lost_in": ""}, sys.stdout)
	EOF
}

run_mutant() {
	local patch=$1 kernel suite script limit cases vars dir

	suite=$(header "$patch" Suite)
	kernel=$(header "$patch" Kernel)
	script=$(header "$patch" Script)
	limit=$(header "$patch" Limit)
	cases=$(header "$patch" Case)
	# Only the suite of the case is run, unless the patch says otherwise.
	[ -n "$script$suite" ] || suite=$(printf '%s\n' "$cases" | sed -n '1s/\..*//p')
	if [ -z "$cases" ] || [ -z "$(header "$patch" Promise)" ]; then
		echo "no Case or Promise line"
		return 1
	fi
	make_mutant "$patch" "$suite" || return 1
	dir=$work/run
	rm -rf "$dir"
	if [[ $script == install-* || $script == formats ]]; then
		mkdir "$dir" || return 1
		case $script in
		formats) script_verdict "$dir" format formats.sh ;;
		*) WQC_INSTALL_PART=${script#install-} script_verdict "$dir" install install-test.sh ;;
		esac
		judge "$dir/verdict.json" "$cases" "$(header "$patch" Also)"
		return
	fi
	vars=$(WQC_BUILD=$(build_words "$TOP/tests/guest/${script:-kunit}.sh") \
		"$TOP/scripts/build.sh" "${kernel:-6.1-plain}" "$tree" 2>"$work/build") || {
		echo "does not build: $(grep -m1 -E 'error|warning|ERROR' "$work/build")"
		return 1
	}
	eval "$vars"
	# What crashes ends there: the tests behind it would wait for nothing.
	GUEST_CMDLINE="oops=panic" GUEST_LIMIT=${limit:-90} \
		MODULES=$MODULES KIMAGE=$KIMAGE "$TOP/scripts/guest.sh" \
		"${kernel:-6.1-plain}" "${script:-kunit}" "$dir" 2>/dev/null || :
	"$PYTHON" "$TOP/scripts/verdict.py" "$dir" "$TOP/tests/guest/${script:-kunit}.sh" \
		--tests "$tree/tests" --kunit-py "$kunit_py" ${suite:+--only "$suite"} \
		--json "$dir/verdict.json" >"$dir/verdict" 2>&1 || :
	judge "$dir/verdict.json" "$cases" "$(header "$patch" Also)"
}

for patch in "$TOP"/tests/mutations/*.patch; do
	[ -e "$patch" ] || die "there are no mutations"
	name=$(basename "$patch" .patch)
	[ -z "${ONLY:-}" ] || [[ " $ONLY " == *" $name "* ]] || continue
	status=0
	SECONDS=0
	why=$(run_mutant "$patch") || status=$?
	if [ "$status" -eq 0 ]; then
		passed=$((passed + 1))
		mark=ok
	else
		failed=$((failed + 1))
		mark="not ok"
		[ ! -e "$work/run" ] || { rm -rf "${work:?}/$name" && mv "$work/run" "$work/$name"; }
	fi
	printf '%-6s %-40s %s (%d s)\n' "$mark" "$name" "$why" "$SECONDS"
	[ "$status" -eq 0 ] || [ ! -e "$work/$name" ] || echo "       log: $work/$name/console.log"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
