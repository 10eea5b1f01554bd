#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/kernels.py [--check]

Writes two parts of docs/testing.md. The list of kernels from scripts/kernels.txt: an entry for each
kernel of make check and check-all, with its description ("#= NAME TEXT") and its suites, of which
those that only make check-all runs come last. The table of their last results from tests/results.txt, which
scripts/results.sh writes: KERNEL SUITE RELEASE DATE PASSED FAILED SKIPPED.
Exit status: see generated.py.
"""

import os
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import read, replace_part, replace_table, run     # noqa: E402

PARTS = {"check": "`make check`", "all": "`make check-all`"}


def in_words(suites):
    more = ", ".join(s[1:] for s in suites if s[0] == "+")
    return ", ".join(s for s in suites if s[0] != "+") + (more and "; %s: " % PARTS["all"] + more)


def kernels(text):
    """([the ten fields of each kernel of a part], {name: description})."""
    what, tested = {}, []
    for line in text.splitlines():
        fields = line.split()
        if line.startswith("#= "):
            what[fields[1]] = " ".join(fields[2:])
        if not fields or line[0] == "#":
            continue
        if len(fields) != 10:
            raise ValueError("kernels.txt: not ten columns: " + line)
        if fields[8] != "-":
            tested.append(fields)
    if not tested or set(what) != {f[0] for f in tested}:
        raise ValueError("kernels.txt: not one description for each kernel of a part")
    return tested, what


def entry(fields, what):
    tests = "Only compiled." if fields[5] == "-" else "Tests: %s." % in_words(fields[5].split(","))
    line = "* **`%s`** (%s): %s. %s" % (fields[0], PARTS[fields[8]], what, tests)
    return textwrap.fill(line, 118, subsequent_indent="  ", break_on_hyphens=False) + "\n"


def result_rows(tested, text):
    """A row for each kernel that is booted: its release, and the suites with their results and date."""
    results = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            name, suite, release, date, passed, failed, skipped = line.split()
            results[name, suite] = (release, date, int(passed), int(failed), int(skipped))
    for f in tested:
        if f[5] == "-":
            continue
        suites = [s.lstrip("+") for s in f[5].split(",")]
        seen = [(s, results[f[0], s]) for s in suites if (f[0], s) in results]
        words = ["%s %d%s" % (s, r[2], ", **%d failed**" % r[3] if r[3] else "") for s, r in seen]
        missing = [s for s in suites if (f[0], s) not in results]
        yield ("`%s`" % f[0], ", ".join(sorted({r[0] for _, r in seen})) or "-",
               "; ".join(words + (["not run: " + ", ".join(missing)] if missing else [])),
               max((r[1] for _, r in seen), default="-"))


def generate(_):
    page = "docs/testing.md"
    tested, what = kernels(read("scripts", "kernels.txt"))
    text = replace_part(read(page), "kernels", "".join(entry(f, what[f[0]]) for f in tested))
    return {page: replace_table(text, "| kernel | release | passed | last run |",
                                result_rows(tested, read("tests", "results.txt")))}


if __name__ == "__main__":
    run(generate)
