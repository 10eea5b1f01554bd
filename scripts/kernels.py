#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/kernels.py [--check]

Writes the list of kernels in docs/testing.md from scripts/kernels.txt: an entry for each kernel
that is booted, with its description ("#= NAME TEXT"), its suites, and the command that runs
it; suites that only make check-all runs come last. With --check it only compares.
Exit status: 0, 1 the page differs, 3 this check cannot work.
"""

import os
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pages     # noqa: E402

PARTS = {"check": "`make check`", "all": "`make check-all`"}


def in_words(suites):
    more = ", ".join(s[1:] for s in suites if s[0] == "+")
    return ", ".join(s for s in suites if s[0] != "+") + (more and "; %s: " % PARTS["all"] + more)


def rows(text):
    what, booted = {}, []
    for line in text.splitlines():
        fields = line.split()
        if line.startswith("#= "):
            what[fields[1]] = " ".join(fields[2:])
        if not fields or line[0] == "#":
            continue
        if len(fields) != 10:
            raise ValueError("kernels.txt: not ten columns: " + line)
        if fields[5] != "-":
            booted.append(fields)
    if not booted or set(what) != {f[0] for f in booted}:
        raise ValueError("kernels.txt: not one description for each kernel that is booted")
    for f in booted:
        line = "* **`%s`** (%s): %s. Tests: %s." % (
            f[0], PARTS[f[8]], what[f[0]], in_words(f[5].split(",")))
        yield textwrap.fill(line, 118, subsequent_indent="  ", break_on_hyphens=False) + "\n"


def main():
    text = "".join(rows(pages.read("scripts", "kernels.txt")))
    return pages.put_part("docs/testing.md", "kernels", text, sys.argv[1:] == ["--check"])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, KeyError, ValueError) as error:
        print("kernels.py: cannot check: %s" % error)
        sys.exit(3)
