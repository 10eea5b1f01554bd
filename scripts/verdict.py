#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Judge one run of a guest. It passes on positive proof only.

The proof: on its own channel the guest reported that each expected test passed and that it
reached its end, or it panicked where and as its script expects; every KUnit suite and case of
the sources ran and passed; the console log is readable, contains a boot and has no splat.
Exit status: 0 passed, 1 a test failed, 2 the guest was lost, 3 this check cannot work.
"""

import argparse
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import files     # noqa: E402
import ktap      # noqa: E402
import splats    # noqa: E402
import status    # noqa: E402


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read().replace("\r", "")


class Verdict:
    def __init__(self):
        self.results = {}
        self.failures = []

    def add(self, name, status, why="", kind="test"):
        """The worst result of a name counts, should it be reported more than once."""
        rank = {"skip": 0, "pass": 1, "fail": 2}
        old = self.results.get(name)
        if old is None or rank[status] > rank[old]:
            self.results[name] = status
        if status == "fail":
            self.failures.append({"name": name, "why": why, "kind": kind})

    def count(self, status):
        return sum(1 for s in self.results.values() if s == status)


def judge_kunit(v, log, suites, kunit_py):
    """Every suite and case of the sources; results as kunit.py reads them."""
    seen = ktap.parse(ktap.one_document(log, len(suites)), kunit_py)
    for name, (how, why) in seen.items():
        v.add(name, how, why)
    for suite, cases in suites.items():
        if not any(n.split(".")[0] == suite for n in seen):
            v.add(suite, "fail", "the suite was not seen", "missing")
            continue
        for case in cases:
            if "%s.%s" % (suite, case) not in seen:
                v.add("%s.%s" % (suite, case), "fail", "no result", "missing")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("dir", help="what guest.sh left: console.log, status.log, outcome")
    p.add_argument("script", help="the guest's script: its tests are expected")
    p.add_argument("--tests", required=True, help="directory of *_kunit.c")
    p.add_argument("--kunit-py", required=True, help="kunit.py of a kernel source")
    p.add_argument("--name", default="guest", help="printed before each line")
    p.add_argument("--only", help="expect this suite only")
    p.add_argument("--json", help="write the results here")
    args = p.parse_args()

    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    script = read(args.script)
    v = Verdict()
    expected, death = status.tests(script), status.death(script)
    try:
        outcome = read(os.path.join(args.dir, "outcome")).strip()
        said = read(os.path.join(args.dir, "status.log"))
        log = ktap.clean(read(os.path.join(args.dir, "console.log")))
    except OSError as e:
        outcome, said, log = str(e), "", []
    suites = {}
    if ktap.wants_kunit(script):
        suites = ktap.expected(args.tests, args.only)
        if not suites:
            raise ValueError("no KUnit suite in " + args.tests)
    # One more line, because the last one may be the result of the previous test.
    where = list(ktap.contexts(log + [""], suites))
    dead = death and status.died_well(said, log, where, death, outcome)
    if death and not dead:
        expected.append(death[0])
    lost = status.judge(v, said, expected, outcome, death[0] if dead else None)
    files.judge(v, said, script, args.dir)
    if suites:
        judge_kunit(v, log, suites, args.kunit_py)
    lost_in = ktap.running(where, expected)
    if not any("Linux version" in line for line in log):
        v.add("log_is_clean", "fail", "no kernel boots in the console log", "lost")
        lost = True
    guest = os.path.join(top, "tests", "guest")
    for place, text in splats.find(log, where, guest, dead and status.PANIC + death[1]):
        v.add("log_is_clean", "fail", "%s [in %s]" % (text, place), "splat")
    v.results.setdefault("log_is_clean", "pass")

    for line in log:
        if line.startswith("guest: figures: "):
            print("%s: %s" % (args.name, line[len("guest: figures: "):]))
    for f in v.failures:
        print("%s: not ok %s: %s" % (args.name, f["name"], f["why"]))
    if lost and lost_in:
        print("%s: lost while running %s" % (args.name, lost_in))
    counts = {s: v.count(s) for s in ("pass", "fail", "skip")}
    print("%s: %d passed, %d failed, %d skipped" %
          (args.name, counts["pass"], counts["fail"], counts["skip"]))
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump({"counts": counts, "lost": lost, "lost_in": lost_in if lost else "",
                       "failures": v.failures, "results": v.results}, f, indent=1)
    return 2 if lost else 1 if v.failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError) as error:
        print("verdict.py: cannot judge: %s" % error)
        sys.exit(3)
