# SPDX-License-Identifier: GPL-2.0
"""For verdict.py: KTAP, kunit.py, and the KUnit suites in the sources."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

STAMP = re.compile(r"^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[CT]\d+\])? ?")
RESULT = re.compile(r"^( *)(ok|not ok) (\d+) (\S+)(.*)$")
KTAP_LINE = re.compile(r"^ *(KTAP version \d|\d+\.\.\d+$|# |(not )?ok \d+ )")
SUBTEST = re.compile(r"^( *)# Subtest: (\S+)")


def clean(text):
    """Lines of a console log without time stamps."""
    return [STAMP.sub("", line) for line in text.splitlines()]


def wants_kunit(script):
    return "load wqc-kunit" in script


def expected(tests, only=None):
    """{suite: [case, ...]} of the sources."""
    suites = {}
    for path in sorted(glob.glob(os.path.join(tests, "*_kunit.c"))):
        with open(path, encoding="utf-8") as f:
            text = re.sub(r"/\*.*?\*/|//[^\n]*", "", f.read(), flags=re.S)
        arrays = {m[1]: re.findall(r"KUNIT_CASE\w*\(\s*(\w+)", m[2]) for m in
                  re.finditer(r"struct kunit_case (\w+)\[\] = \{(.*?)\n\};", text, re.S)}
        for m in re.finditer(r"struct kunit_suite \w+ = \{(.*?)\n\};", text, re.S):
            name = re.search(r'\.name = "((?:wqc|nt)_\w+)"', m[1])
            cases = re.search(r"\.test_cases = (\w+)", m[1])
            if not name or not cases or not arrays.get(cases[1]):
                raise ValueError("%s: cannot read a suite and its cases" % path)
            if only in (None, name[1]):
                suites[name[1]] = arrays[cases[1]]
    return suites


def one_document(log, count):
    """The KTAP of a log as one document. Kernels differ in the header that a module's
    results get, and a module loaded twice makes two documents, of which kunit.py would
    read only the first."""
    out = ["KTAP version 1", "1..%d" % count]
    number = 0
    for line in log:
        if not KTAP_LINE.match(line):
            continue
        if re.match(r"KTAP version|\d+\.\.", line):
            continue
        m = RESULT.match(line)
        if m and not m[1]:
            number += 1
            line = "%s %d %s%s" % (m[2], number, m[4], m[5])
        out.append(line)
    return out


def parse(doc, kunit_py):
    """{suite.case: (pass|fail|skip, why)} as kunit.py reads a document."""
    with tempfile.TemporaryDirectory() as tmp:
        src, dst = os.path.join(tmp, "ktap"), os.path.join(tmp, "json")
        with open(src, "w", encoding="utf-8") as f:
            f.write("\n".join(doc) + "\n")
        # kunit.py changes to the directory of the kernel source and finds its modules there.
        run = subprocess.run([sys.executable, "-B", kunit_py, "parse", "--json=" + dst, src],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             check=False)
        if not os.path.exists(dst):
            raise ValueError("kunit.py wrote nothing: " + run.stderr[-300:])
        with open(dst, encoding="utf-8") as f:
            tree = json.load(f)
    why = {}
    for i, line in enumerate(doc):
        m = re.match(r"^ *# (\w+): (EXPECTATION|ASSERTION) FAILED at (\S+)", line)
        if m:
            why.setdefault(m[1], "%s failed at %s" % (m[2].lower(), m[3]))
        m = re.match(r"^ *# (\w+): (try faulted|test case timed out.*|.* timed out)", line)
        if m:
            why.setdefault(m[1], m[2])
    out = {}
    kinds = {"PASS": "pass", "SKIP": "skip", "FAIL": "fail"}

    def note(name, status):
        status = kinds.get(status, "fail")
        old = out.get(name, ("skip", ""))[0]
        worst = max(old, status, key=["skip", "pass", "fail"].index)
        out[name] = (worst, why.get(name.split(".")[-1], "failed") if worst == "fail" else "")

    def walk(group, path):
        for case in group.get("test_cases", []):
            note(".".join(path if len(path) == 2 else path + [case["name"]]), case["status"])
        for sub in group.get("sub_groups", []):
            # A case with parameters is a group below its suite; it counts as one.
            walk(sub, path + [sub["name"]] if len(path) < 2 else path)

    walk(tree, [])
    return out


def contexts(log, suites):
    """For each line the test that ran at that time: a KUnit case says its name only when
    it is done, so it is the first case of the suite that has no result yet."""
    where, suite, done = "boot", None, []
    guest = "boot"
    for line in log:
        m = re.match(r"wqc-test: (begin|end) (\w+)", line)
        if m:
            guest = m[2] if m[1] == "begin" else "after " + m[2]
            where, suite = guest, None
        m = SUBTEST.match(line)
        if m and len(m[1]) == 4:
            suite, done = m[2], []
        m = RESULT.match(line)
        yield where if not suite else case_of(suite, done, suites)
        if m and len(m[1]) == 4 and suite:
            done.append(m[4])
        elif m and not m[1]:
            suite, where = None, guest


def case_of(suite, done, suites):
    left = [c for c in suites.get(suite, []) if c not in done]
    return "%s.%s" % (suite, left[0] if left else "(after the last case)")


def running(where, tests):
    """What ran when the log ends: "suite.case", "guest.NAME", or "boot". If the
    guest was lost between two tests, the first of them counts as the cause."""
    last = where[-1].replace("after ", "") if where else "boot"
    return "guest." + last if last in tests else last


def so_far(log, entry):
    """Of the console of the mutants' guest, in the turn of an entry: (the number of results, whether
    a case that has to fail did)."""
    if not entry or not os.path.exists(log):
        return 0, False
    with open(log, encoding="utf-8", errors="replace") as f:
        text = f.read().split("wqc-mutants: turn of ")[-1]
    done = len(re.findall(r"\b(?:not )?ok \d+ \S", text))
    bad = re.findall(r"\bnot ok \d+ (\S+)|# (\S+): (?:EXPECTATION|ASSERTION) FAILED", text)
    cases = [case.split(".")[-1] for case in entry.all("Case")]
    return done, any(name in cases for names in bad for name in names)
