#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Two SVG plots of the benchmark's figures, by gnuplot. Called by bench.sh.

usage: bench_plots.py RESULTS DIRECTORY
"""

import math
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench_figures import Run      # noqa: E402

OURS, KERNELS = "#2f6fb2", "#c9c9c9"

# Pairs of equivalent contenders: title, ours, the kernel's.
PAIRS = (
    ("Delayed\\nWQ_UNBOUND", "io_delayed", "raw_unbound"),
    ("Critical\\nWQ_UNBOUND,\\nWQ_HIGHPRI", "io_critical", "raw_unbound_highpri"),
    ("RxPost Critical\\nWQ_HIGHPRI", "rx_critical", "raw_highpri"),
    ("HyperCritical\\nkthread\\nSCHED_FIFO", "io_hyper", "raw_kthread"),
    ("RxDispatch\\nallocate, queue,\\nfree", "rx_dispatch", "raw_allocated"),
)

COST = """set terminal svg size 860,430 noenhanced font "sans-serif,13" background "white"
set output "{out}"
set title "A burst of 10,000 items: instructions per item, from the call to the routine's return"
set style data histograms
set style histogram clustered gap 1
set style fill solid border rgb "#ffffff"
set boxwidth 1
set grid y lt 1 lc rgb "#e8e8e8"
set border 3
set tics nomirror
set xtics scale 0 font ",11"
set bmargin 5
set yrange [0:*]
set key top left
plot "-" using 2:xtic(1) title "wq_compat" lc rgb "{ours}", \\
     "-" using 2:xtic(1) title "the kernel's own" lc rgb "{kernels}", \\
     "-" using 0:2:(sprintf("%.0f", $2)) with labels offset -2.2,0.6 notitle, \\
     "-" using 0:2:(sprintf("%.0f", $2)) with labels offset 2.2,0.6 notitle
{data}"""

# A title, a contender, a colour, a dash type.
CURVES = (
    ("Delayed", "io_delayed", "#2f6fb2", 1),
    ("Critical", "io_critical", "#2e9c5a", 1),
    ("HyperCritical", "io_hyper", "#c0392b", 1),
    ("WQ_UNBOUND", "raw_unbound", "#2f6fb2", 2),
    ("WQ_UNBOUND, WQ_HIGHPRI", "raw_unbound_highpri", "#2e9c5a", 2),
    ("WQ_HIGHPRI", "raw_highpri", "#e08e0b", 2),
    ("kthread, SCHED_FIFO", "raw_kthread", "#c0392b", 2),
)

LATENCY = """set terminal svg size 1000,460 noenhanced font "sans-serif,13" background "white"
set output "{out}"
set title "Queue call to routine: two CPUs, four hogs each, a flood of Delayed items"
set logscale x
set xlabel "microseconds, no more than"
set ylabel "share of the items"
set xrange [2:20000]
set yrange [0:3.8]
set ytics ("0" 0, "50 %%" 0.301, "90 %%" 1, "99 %%" 2, "99.9 %%" 3)
set grid lt 1 lc rgb "#e8e8e8"
set border 3
set tics nomirror
set key outside right top
plot {curves}
{data}"""


def gnuplot(script, out):
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
    # gnuplot leaves spaces at the ends of lines.
    with open(out) as f:
        lines = [line.rstrip() for line in f]
    with open(out, "w") as f:
        f.write("\n".join(lines) + "\n")


def plot_cost(results, out):
    run = Run(results, "instructions1")
    blocks = []
    for i in (1, 2, 1, 2):
        lines = ['"%s" %.1f' % (p[0], run.cost("burst", p[i])) for p in PAIRS]
        blocks.append("\n".join(lines) + "\ne\n")
    gnuplot(COST.format(out=out, ours=OURS, kernels=KERNELS, data="".join(blocks)), out)


def plot_latency(results, out):
    quantiles = Run(results, "latency2").quantiles
    curves = ", \\\n ".join('"-" using 1:2 with lines lw 2 lc rgb "%s" dt %d title "%s"' %
                            (colour, dash, title) for title, _, colour, dash in CURVES)
    # The scale emphasizes the tail: each further nine of the share has the same height.
    data = "".join("".join("%.3f %.3f\n" % (max(ns, 1) / 1000,
                                             -math.log10(max(1 - q / 1000, 1 / 6000)))
                           for q, ns in sorted(quantiles[who].items())) + "e\n"
                   for _, who, _, _ in CURVES)
    gnuplot(LATENCY.format(out=out, curves=curves, data=data), out)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    plot_cost(sys.argv[1], os.path.join(sys.argv[2], "cost.svg"))
    plot_latency(sys.argv[1], os.path.join(sys.argv[2], "latency.svg"))


if __name__ == "__main__":
    main()
