#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/kernels.py [--check]

Writes the list of kernels in docs/testing.md from scripts/kernels.txt: an entry for each kernel
that is booted, with its description ("#= NAME TEXT") and its suites, of which those that only
make check-all runs come last.
Exit status: see generated.py.
"""

import os
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import read, replace_part, run     # noqa: E402

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


def generate(_):
    page = "docs/testing.md"
    return {page: replace_part(read(page), "kernels", "".join(rows(read("scripts", "kernels.txt"))))}


if __name__ == "__main__":
    run(generate)
