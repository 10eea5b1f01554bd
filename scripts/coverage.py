#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Writes docs/coverage.md from the counters that coverage.sh collected (make coverage).

usage: scripts/coverage.py TRACEFILE

TRACEFILE is lcov's. The functions that have lines which no test reached are listed with the reasons of
tests/unreached.txt, lines "FUNCTION WHY". Exit status 1: such a function has no reason. Some runs meet
a moment that others miss, so a reason may have no line.
"""

import collections
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REASONS = os.path.join(TOP, "tests/unreached.txt")
PAGE = os.path.join(TOP, "docs/coverage.md")
WHAT = {"": "fronts: `wq_compat.c`, `rx_workq.c`, objects, drivers", "core": "the engine",
        "diag": "diagnoses", "lib": "the formatter", "rx": "Rx devices, timers, log",
        "nt": "nt-compat", "include": "inline functions of the public headers"}


class Source:
    """The counters of one source: {line: count}, {(line, block, branch): count}, {line: function}."""

    def __init__(self):
        self.lines, self.branches, self.starts = {}, {}, {}

    def function(self, line):
        before = [n for n in self.starts if n <= line]
        return self.starts[max(before)] if before else "?"

    def unreached(self):
        """{function: number of its lines that no test reached}"""
        return collections.Counter(self.function(n) for n, count in self.lines.items() if not count)


def read(path):
    """{path in the tree: Source}"""
    sources, at = {}, None
    with open(path, encoding="utf-8") as f:
        for line in f:
            key, _, rest = line.strip().partition(":")
            words = rest.split(",")
            if key == "SF":
                at = sources.setdefault(os.path.relpath(rest, TOP), Source())
            elif key == "FN":
                at.starts[int(words[0])] = words[-1]
            elif key == "DA":
                at.lines[int(words[0])] = at.lines.get(int(words[0]), 0) + int(words[1])
            elif key == "BRDA":
                place = tuple(words[:3])
                count = 0 if words[3] == "-" else int(words[3])
                at.branches[place] = at.branches.get(place, 0) + count
    return sources


def reasons():
    known = {}
    with open(REASONS, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                name, why = line.split(None, 1)
                known[name] = why.strip()
    return known


def share(counts):
    """Two columns: how many there are, and the share that was reached."""
    hit = sum(1 for c in counts if c)
    return "%s | %.1f %%" % (format(len(counts), ","), 100.0 * hit / max(1, len(counts)))


def table(sources):
    rooms = collections.defaultdict(list)
    for path, source in sources.items():
        rooms[path.split("/")[0] if "/" in path else ""].append(source)
    rows = ["| room | lines | reached | branches | reached |", "|---|--:|--:|--:|--:|"]
    for room in sorted(rooms):
        rows.append("| %s | %s | %s |" % (
            ("`%s/`: " % room if room else "") + WHAT[room],
            share([c for s in rooms[room] for c in s.lines.values()]),
            share([c for s in rooms[room] for c in s.branches.values()])))
    rows.append("| **both modules** | %s | %s |" % (
        share([c for s in sources.values() for c in s.lines.values()]),
        share([c for s in sources.values() for c in s.branches.values()])))
    return rows


def main(path):
    sources, known, wrong = read(path), reasons(), []
    rows = ["| function | lines | why no test reaches them |", "|---|--:|---|"]
    for name in sorted(sources):
        for function, count in sorted(sources[name].unreached().items()):
            if function not in known:
                wrong.append("%s: %s: %d lines without a reason" % (name, function, count))
            rows.append("| `%s()`, `%s` | %d | %s |" % (function, name, count, known.get(function, "")))
    text = """# What the tests reach

Lines and branches of both modules that a test of kernel `6.1-plain` executes in `make check`, as `make coverage`
measured them with gcov and lcov. It writes this page; what other kernels reach (arm64, PREEMPT_RT, kernels that check
locks) is not counted, nor are the guests that die, which lose their counters. Branches are the compiler's: each
comparison of a condition has two, also those that a macro of the kernel adds.

%s

## Lines that no test reaches

The reasons are kept in `tests/unreached.txt`.

%s
""" % ("\n".join(table(sources)), "\n".join(rows))
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(text)
    print(table(sources)[-1].strip("| "))
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
