# SPDX-License-Identifier: GPL-2.0
"""Reads the output of the benchmark's guests and computes the figures."""

import os
import re
from statistics import median

LINE = re.compile(r"^\[ *(\d+\.\d+)\] bench: (\S+) (\S+)((?: \d+)*)\s*$")


class Run:
    """The lines "bench: CASE CONTENDER VALUE..." of one guest."""

    def __init__(self, results, name):
        self.values, self.marks, self.quantiles = {}, [], {}
        with open(os.path.join(results, name, "console.log"), errors="replace") as f:
            for line in f:
                m = LINE.match(line.rstrip())
                if not m:
                    continue
                stamp, case, who, rest = float(m[1]), m[2], m[3], [int(v) for v in m[4].split()]
                if case == "mark":
                    self.marks.append((who, stamp))
                elif case == "latency":
                    self.quantiles.setdefault(who, {})[rest[0]] = rest[1]
                else:
                    self.values.setdefault((case, who), []).extend(rest)
        if not self.values and not self.quantiles:
            raise ValueError("%s printed no figures" % name)

    def cost(self, case, who):
        """Instructions per item; guests print hundredths."""
        return median(self.values[case, who]) / 100

    def ratio(self, case, who, raw):
        """The ratio of two cases, "OURS/THEIRS", or within one case."""
        ours, _, theirs = case.partition("/")
        return self.cost(ours, who) / self.cost(theirs or ours, raw)

    def rounds(self, case, who, raw):
        """Minimum, median and maximum of the ratios of times measured in the same round."""
        r = sorted(a / b for a, b in zip(self.values[case, who], self.values[case, raw]))
        return r[0], median(r), r[-1]

    def seconds(self, what):
        """Times between the marks begin_WHAT and end_WHAT."""
        begin = [t for n, t in self.marks if n == "begin_" + what]
        end = [t for n, t in self.marks if n == "end_" + what]
        return median(e - b for b, e in zip(begin, end))


# The figures of the gate: name, guest, case, our contender, the kernel's contender.
GATED = (
    ("burst-delayed", "instructions", "burst", "io_delayed", "raw_unbound"),
    ("burst-critical", "instructions", "burst", "io_critical", "raw_unbound_highpri"),
    ("burst-hypercritical", "instructions", "burst", "io_hyper", "raw_kthread"),
    ("burst-rx-critical", "instructions", "burst", "rx_critical", "raw_highpri"),
    ("burst-rx-dispatch", "instructions", "burst", "rx_dispatch", "raw_allocated"),
    ("burst-allocated", "instructions", "burst", "io_allocated", "raw_allocated"),
    ("call-io", "instructions", "call", "io_delayed", "raw_unbound"),
    ("call-rx", "instructions", "call", "rx_critical", "raw_highpri"),
    ("one-delayed", "instructions", "one", "io_delayed", "raw_unbound"),
    ("one-critical", "instructions", "one", "io_critical", "raw_unbound_highpri"),
    ("one-hypercritical", "instructions", "one", "io_hyper", "raw_kthread"),
    ("one-rx-critical", "instructions", "one", "rx_critical", "raw_highpri"),
    ("alone-delayed", "posters", "alone/posters1", "io_delayed", "io_delayed"),
    ("alone-critical", "posters", "alone/posters1", "io_critical", "io_critical"),
    ("posters4-delayed", "posters", "posters4", "io_delayed", "raw_unbound"),
    ("posters4-hypercritical", "posters", "posters4", "io_hyper", "raw_highpri"),
    ("posters4-rx-critical", "posters", "posters4", "rx_critical", "raw_highpri"),
)

WORSE = 1.03


def gated(results, which):
    runs = {n: Run(results, n + which) for n in ("instructions", "posters")}
    return {name: runs[run].ratio(case, ours, raw) for name, run, case, ours, raw in GATED}


def read_baseline(path):
    with open(path) as f:
        lines = [line.split() for line in f if line.strip() and line[0] != "#"]
    return {name: float(ratio) for name, ratio in lines}


def against_baseline(now, path):
    """(name, then, now, whether it passes); a case that one side lacks does not pass."""
    then = read_baseline(path)
    for name in dict.fromkeys([*now, *then]):
        a, b = then.get(name), now.get(name)
        yield name, a, b, a is not None and b is not None and b <= a * WORSE
