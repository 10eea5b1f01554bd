#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/semantics.py [FILE...]

Does each rule of docs/semantics.md name its source and a test, and is there such a test?
Each promise of docs/porting.md and docs/reliability.md? A table with a column "test" holds rules. In that
column `SUITE.CASE` is a KUnit case of tests/*_kunit.c, or a test of the guest script
tests/guest/SUITE.sh, which some kernel of scripts/kernels.txt or scripts/long.txt must run;
`harness.NAME` is tests/harness/NAME.sh, `lint.NAME` a step of lint.sh, `format.NAME` a case of
tests/user/format_test.c. No other cell of a rule's row may be empty, but that of "how".
Exit status: 0, 1 something is wrong, 3 this check cannot work.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ktap      # noqa: E402
import status    # noqa: E402

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAME = re.compile(r"`([^`]*)`")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def guest_scripts():
    """{script: [test, ...]}, and the names of those that "make check" or check-long runs."""
    scripts = {}
    for path in glob.glob(os.path.join(TOP, "tests", "guest", "*.sh")):
        scripts[os.path.basename(path)[:-3]] = status.all_tests(read(path))
    run = set()
    for name, column in (("kernels.txt", 5), ("long.txt", 1)):
        for line in read(os.path.join(TOP, "scripts", name)).splitlines():
            fields = line.split()
            if len(fields) > column and line[0] != "#":
                run.update(suite.lstrip("+") for suite in fields[column].split(","))
    # live "TITLE" STATUS 'REGEX' NAME
    scripts["harness"] = re.findall(r"^[ \t]+live \"[^\"]*\" \d '.*' (\w+)",
                                    read(os.path.join(TOP, "scripts", "harness.sh")), re.M)
    scripts["lint"] = re.findall(r"^lint_(\w+)\(\)",
                                 read(os.path.join(TOP, "scripts", "lint.sh")), re.M)
    scripts["format"] = re.findall(r"^\tCASE\((\w+)\),$",
                                   read(os.path.join(TOP, "tests", "user", "format_test.c")), re.M)
    run.update(("harness", "lint", "format"))
    return scripts, run


def tables(text):
    """(line number, {column: cell}) of each row of each table."""
    head = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            head = None
            continue
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if head is None:
            head = cells
        elif not all(re.fullmatch(r":?-+:?", c) for c in cells):
            if len(cells) != len(head):
                yield number, None
            else:
                yield number, dict(zip(head, cells))


def wrong_name(name, suites, scripts, run):
    """What is wrong with a test's name, or None."""
    suite, _, case = name.partition(".")
    if suite in suites:
        return None if case in suites[suite] else "no such case"
    if suite not in scripts:
        return "no such suite or guest script"
    if case not in scripts[suite]:
        return "no such test in the guest script"
    return None if suite in run else "no kernel of kernels.txt runs this guest script"


def check(path, suites, scripts, run):
    """How much is wrong in a document."""
    rules = named = bad = 0
    for number, row in tables(read(path)):
        why = []
        if row is None:
            why.append("another number of columns than the head of the table")
        elif "test" in row:
            rules += 1
            why += ["no %s" % k for k, v in row.items()
                    if not v and k not in ("test", "how", "what is different")]
            names = NAME.findall(row["test"])
            named += len(names)
            if not names:
                why.append("no test")
            for name in names:
                what = wrong_name(name, suites, scripts, run)
                if what:
                    why.append("%s: %s" % (name, what))
        for what in why:
            print("%s:%d: %s" % (os.path.relpath(path, TOP), number, what))
        bad += len(why)
    if not rules or not named:
        raise ValueError("no rules in " + path)
    print("%s: %d rules, %d names of tests, %d wrong" %
          (os.path.relpath(path, TOP), rules, named, bad))
    return bad


def main():
    paths = sys.argv[1:] or [os.path.join(TOP, "docs", name)
                             for name in ("semantics.md", "porting.md",
                                          "reliability.md")]
    suites = ktap.expected(os.path.join(TOP, "tests"))
    scripts, run = guest_scripts()
    if not suites or not run:
        raise ValueError("no suites, or no guest scripts")
    return 1 if sum(check(path, suites, scripts, run) for path in paths) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError) as error:
        print("semantics.py: cannot check: %s" % error)
        sys.exit(3)
