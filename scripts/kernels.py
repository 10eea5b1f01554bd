#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/kernels.py

Is README.md's table of supported kernels that of scripts/kernels.txt? A row for each kernel
that is booted, in that order: `NAME`, what it is, its suites, and `make check` or
`make check-all`; suites that `make check` leaves out come last, behind
"; `make check-all`: ".
Exit status: 0, 1 they differ, 3 this check cannot work.
"""

import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PARTS = {"check": "`make check`", "all": "`make check-all`"}


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as f:
        return f.read()


def in_words(suites):
    more = ", ".join(s[1:] for s in suites if s[0] == "+")
    return ", ".join(s for s in suites if s[0] != "+") + (more and "; %s: " % PARTS["all"] + more)


def listed():
    """[(name, suites, part), ...] of the kernels that are booted."""
    for line in read("scripts", "kernels.txt").splitlines():
        fields = line.split()
        if not fields or line[0] == "#":
            continue
        if len(fields) != 10:
            raise ValueError("kernels.txt: not ten columns: " + line)
        if fields[5] != "-":
            yield fields[0], in_words(fields[5].split(",")), PARTS[fields[8]]


def shown():
    """The same of the README's table, whose second column is for people."""
    table = re.search(r"^\| kernel \|.*\n\|-.*\n((?:\|.*\n)+)", read("README.md"), re.M)
    if not table:
        raise ValueError("README.md has no table that begins with | kernel |")
    for line in table[1].splitlines():
        cells = [c.strip() for c in line.split("|")[1:-1]]
        if len(cells) != 4 or not cells[1]:
            raise ValueError("README.md: not four filled columns: " + line)
        yield cells[0].strip("`"), cells[2], cells[3]


def main():
    want, have = list(listed()), list(shown())
    for row in want:
        if row not in have:
            print("README.md lacks: | `%s` | ... | %s | %s |" % row)
    for row in have:
        if row not in want:
            print("not in scripts/kernels.txt: | `%s` | ... | %s | %s |" % row)
    if not want:
        raise ValueError("kernels.txt has no kernel that is booted")
    if sorted(want) == sorted(have) and want != have:
        print("README.md: not in the order of scripts/kernels.txt")
    return want != have


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, KeyError, ValueError) as error:
        print("kernels.py: cannot check: %s" % error)
        sys.exit(3)
