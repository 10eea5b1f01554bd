#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/semantics.py [--check]

Writes docs/tests.md, the tests of each rule of docs/semantics.md, docs/porting.md and
docs/reliability.md, from tests/rules.txt, whose head has its form. Checks both: a rule is a row of a table whose first column is "id", or an entry
"* **ID** TEXT"; each has tests, which exist, and which some kernel of scripts/kernels.txt or
scripts/long.txt runs; an entry of semantics.md names its source, as "*(SOURCE)*"; no cell is
empty, and no row has more than 160 characters. Names of tests in the text must exist, too.
Exit status: see generated.py.
"""

import glob
import os
import re
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import generated     # noqa: E402
import ktap      # noqa: E402
import status    # noqa: E402
from generated import TOP, read     # noqa: E402

PAGES = ("semantics.md", "porting.md", "reliability.md")
ID = r"[A-Z]{2}\d+"
ENTRY = re.compile(r"^\* \*\*(%s)\*\* (.*(?:\n  .*)*)" % ID, re.M)
HEAD = """# Tests of each rule

`make docs` writes this page from `tests/rules.txt`. The ids are those of the rules; a name in front of a colon is a
KUnit suite of `tests/`, a guest script of `tests/guest/`, or one of `harness` (a guest that must fail), `lint` (a step
of `make lint`), `format` (a case in user space) and `view` (a test of `make view`).
"""


def guest_scripts():
    """{script: [test, ...]}, and the names of those that "make check" or check-long runs."""
    scripts = {}
    for path in glob.glob(os.path.join(TOP, "tests", "guest", "*.sh")):
        scripts[os.path.basename(path)[:-3]] = status.all_tests(read(path))
    run = set()
    for name, column in (("kernels.txt", 5), ("long.txt", 1)):
        for line in read("scripts", name).splitlines():
            fields = line.split()
            if len(fields) > column and line[0] != "#":
                run.update(suite.lstrip("+") for suite in fields[column].split(","))
    # live "TITLE" STATUS 'REGEX' NAME
    scripts["harness"] = re.findall(r"^[ \t]+live \"[^\"]*\" \d '.*' (\w+)",
                                    read("scripts", "harness.sh"), re.M)
    scripts["lint"] = re.findall(r"^lint_(\w+)\(\)", read("scripts", "lint.sh"), re.M)
    scripts["format"] = re.findall(r"^\tCASE\((\w+)\),$",
                                   read("tests", "user", "format_test.c"), re.M)
    scripts["view"] = re.findall(r"^def (?!main)(\w+)\(\):$", read("scripts", "view.py") +
                                 read("scripts", "badwords.py"), re.M)
    scripts["port"] = re.search(r"^run_tests port ((?:.*\\\n)*.*)", read("scripts", "port.sh"),
                                re.M)[1].replace("\\\n", " ").split()
    run.update(("harness", "lint", "format", "view", "port"))
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


def rules(page, text, wrong):
    """[(offset, id, what it begins with), ...] of a page."""
    found = []
    starts = [0] + [m.end() for m in re.finditer("\n", text)]
    for number, row in tables(text):
        if len(text.splitlines()[number - 1]) > 160:
            wrong.append("%s:%d: a row of more than 160 characters" % (page, number))
        if row is None:
            wrong.append("%s:%d: another number of columns than the head" % (page, number))
        elif "id" in row:
            wrong += ["%s:%d: no %s" % (page, number, k) for k, v in row.items() if not v]
            found.append((starts[number - 1], row["id"], list(row.values())[1]))
    for m in ENTRY.finditer(text):
        if page == "semantics.md" and not re.search(r"\*\([^*]+\)\*", m[2]):
            wrong.append("%s: %s names no source" % (page, m[1]))
        found.append((m.start(), m[1], re.split(r"(?<=[\w`)])[.:;](?: |$)| \*\(", " ".join(m[2].split()))[0]))
    return sorted(found)


def tests_of():
    """{id: [test, ...]} of tests/rules.txt."""
    found, last = {}, None
    for line in read("tests", "rules.txt").splitlines():
        if line.startswith("\t") and not last:
            raise ValueError("rules.txt begins with a test: " + line.strip())
        if line.startswith("\t"):
            found[last].append(line.strip())
        elif line and line[0] != "#":
            last = line.strip()
            if last in found:
                raise ValueError("rules.txt has %s twice" % last)
            found[last] = []
    return found


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


def index(page, text, found, tests):
    """The part of docs/tests.md for one page."""
    heads = [(m.start(), m[1]) for m in re.finditer(r"^##+ (.*)", text, re.M)]
    out, section = "\n## [%s](%s)\n" % (page, page), None
    for at, rule, begin in found:
        here = [h for pos, h in heads if pos < at][-1]
        if here != section:
            section = here
            out += "\n### %s: %s\n\n" % (page[:-3].capitalize(), here)
        by = {}
        for name in tests.get(rule, ()):
            by.setdefault(name.partition(".")[0], []).append(name.partition(".")[2])
        begin = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", begin)
        begin = begin if len(begin) <= 90 else begin[:88].rsplit(" ", 1)[0] + " ..."
        names = "; ".join("%s: %s" % (s, ", ".join("`%s`" % c for c in by[s])) for s in by)
        out += "* **%s** %s\n" % (rule, begin) + textwrap.fill(
            names, 118, initial_indent="  ", subsequent_indent="  ", break_long_words=False) + "\n"
    return out


def generate(wrong):
    suites = ktap.expected(os.path.join(TOP, "tests"))
    scripts, run = guest_scripts()
    if not suites or not run:
        raise ValueError("no suites, or no guest scripts")
    tests, known, out = tests_of(), [], HEAD
    for page in PAGES:
        text = read("docs", page)
        found = rules(page, text, wrong)
        if not found:
            raise ValueError("no rules in " + page)
        known += [rule for _, rule, _ in found]
        out += index(page, text, found, tests)
        for name in re.findall(r"`(\w+\.\w{4,})`", text):
            if name.partition(".")[0] in set(suites) | set(scripts):
                tests.setdefault("the text of " + page, []).append(name)
    wrong += ["%s stands twice" % r for r in sorted({r for r in known if known.count(r) > 1})]
    wrong += ["%s has no test in tests/rules.txt" % r for r in known if not tests.get(r)]
    wrong += ["tests/rules.txt: no page has a rule " + r for r in tests
              if re.fullmatch(ID, r) and r not in known]
    for rule, names in tests.items():
        for name in names:
            what = wrong_name(name, suites, scripts, run)
            if what:
                wrong.append("%s: %s: %s" % (rule, name, what))
    print("%d rules, %d names of tests" % (len(known), sum(map(len, tests.values()))))
    return {"docs/tests.md": out}


if __name__ == "__main__":
    generated.run(generate)
