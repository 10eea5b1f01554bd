#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Figures of the benchmark: gate, baseline, or report. Called by bench.sh.

gate exits with 1 if a ratio is more than 3 % worse than in the baseline; report also if the
instruction figures of its two runs are more than 1 % apart. A missed target is no failure.
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench_figures as figures     # noqa: E402
import bench_tables as tables       # noqa: E402

AGREE = 0.01


def gate(results, baseline, which=""):
    bad = 0
    for name, then, now, good in figures.against_baseline(figures.gated(results, which), baseline):
        change = " (%+.1f %%)" % ((now / then - 1) * 100) if then and now else ""
        print("%-6s bench: %-24s %s, baseline %s%s" %
              ("ok" if good else "not ok", name,
               *("%.4f" % v if v is not None else "none" for v in (now, then)), change))
        bad += not good
    return bad


def agree(results):
    """The gated figures of both runs of the instruction sets, which must repeat."""
    bad = 0
    first, second = (figures.gated(results, w) for w in "12")
    for name in first:
        apart = abs(second[name] / first[name] - 1)
        bad += apart > AGREE
        print("%-6s bench: %-24s twice: %.4f %.4f, %.2f %% apart" %
              ("ok" if apart <= AGREE else "not ok", name, first[name], second[name],
               apart * 100))
    return bad


def report(results, baseline, doc):
    bad = agree(results) + gate(results, baseline, "1")
    rows = tables.targets(results)
    print()
    print(tables.plain(rows))
    if doc:
        tables.write(doc, {"machine": tables.machine(results),
                           "targets": tables.markdown(rows),
                           "costs": tables.costs(results),
                           "posters": tables.posters(results),
                           "latency": tables.latency(results),
                           "parallel": tables.parallel(results),
                           "idle": tables.idle(results)})
    missed = sum(row[-1] == "MISS" for row in rows)
    print("bench: %d targets met, %d missed; %d figures failed" %
          (sum(row[-1].startswith("pass") for row in rows), missed, bad))
    return bad


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("mode", choices=("gate", "baseline", "report"))
    p.add_argument("results", help="a directory for each guest")
    p.add_argument("baseline", nargs="?")
    p.add_argument("doc", nargs="?", help="performance.md, whose tables are rewritten")
    args = p.parse_args()
    if args.mode == "gate":
        return 1 if gate(args.results, args.baseline) else 0
    if args.mode == "report":
        return 1 if report(args.results, args.baseline, args.doc) else 0
    print("# What an item costs, ours / the kernel's: written by make bench-baseline")
    for name, ratio in figures.gated(args.results, "").items():
        print("%-24s %.4f" % (name, ratio))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, KeyError) as error:
        print("bench.py: cannot judge: %s" % repr(error))
        sys.exit(3)
