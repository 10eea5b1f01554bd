#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The pictures of README.md: the screen of wqc-top, and some milliseconds of a recording of
wqc-trace, as SVG by python3-rich and gnuplot. Called by pictures.sh.

usage: pictures.py SCREEN RECORDING DIRECTORY
"""

import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench_plots import gnuplot     # noqa: E402

# What is drawn of a recording: the window in which most kinds of routines run and are queued.
WINDOW_US, MOST_SLICES, MOST_LANES = 4000, 50, 16
COLOURS = ("#2f6fb2", "#2e9c5a", "#e08e0b", "#c0392b", "#7d5ba6", "#777777")
WIDTH, LEFT, LANE = 860, 190, 22

TIMELINE = """set terminal svg size {width},{height} noenhanced font "sans-serif,12" background "white"
set output "{out}"
set title "wqc-trace: {ms} ms of a guest with {cpus} CPUs; arrows: from the queue call to the start of the routine"
set lmargin at screen {left}
set rmargin at screen 0.98
set tmargin at screen {top}
set bmargin at screen {bottom}
set xrange [0:{ms}]
set yrange [{lanes}:0]
set ytics ({names}) scale 0 font "monospace,11"
set xtics 0.5 format "%g ms" nomirror out
set border 1
set grid xtics lt 1 lc rgb "#e8e8e8"
set key outside bottom center horizontal
set style fill solid 0.85 border rgb "#ffffff"
{lines}
{labels}
plot {plots}, \\
 "-" using 1:2:3:4 with vectors head nofilled size screen 0.008,18 lw 1 lc rgb "#555555" notitle
{data}"""


def terminal(screen, out):
    from rich.console import Console    # only here: the plot needs nothing of Debian's rich
    from rich.text import Text

    with open(screen, encoding="utf-8") as f:
        lines = f.read().rstrip("\n").split("\n")
    with open(os.devnull, "w", encoding="utf-8") as null:
        console = Console(record=True, width=80, file=null)
        for line in lines:
            words = line.lower().split()
            bold = words[:1] in (["class"], ["longest"]) or line.startswith("[")
            console.print(Text(line, style="bold" if bold else ""), no_wrap=True)
        svg = console.export_svg(title="wqc-top", unique_id="wqc-top")
    # A picture loads no font from elsewhere. Some viewers trim the spaces with which a line begins.
    svg = re.sub(r" *@font-face {.*?}\n", "", svg, flags=re.S)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(line.rstrip() for line in svg.rstrip().split("\n")) + "\n")


class Recording:
    """Slices (start, end, routine, lane), arrows (start, lane, end, lane), names of the lanes."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            events = json.load(f)["traceEvents"]
        self.names, self.slices, self.arrows, tails = {}, [], [], {}
        for e in events:
            lane = (e["pid"], e["tid"])
            if e["name"] == "thread_name":
                self.names[lane] = "CPU %d %s" % (e["pid"] - 1, e["args"]["name"])
            elif e.get("cat") == "routine":
                self.slices.append((e["ts"], e["ts"] + e["dur"], e["name"], lane))
            elif e["ph"] == "s":
                tails[e["id"]] = (e["ts"], lane)
        self.arrows = [(*tails[e["id"]], e["ts"], (e["pid"], e["tid"])) for e in events if e["ph"] == "f"]

    def within(self, begin):
        """What is to be seen in the window that begins there."""
        end = begin + WINDOW_US
        slices = [s for s in self.slices if s[0] < end and s[1] > begin]
        arrows = [a for a in self.arrows if begin <= a[0] and a[2] < end]
        lanes = sorted({s[3] for s in slices} | {a[1] for a in arrows})
        return slices, arrows, lanes

    def best(self):
        """(begin, slices, arrows, lanes) of the window that is drawn."""
        starts = {(s[0], s[3]): s[2] for s in self.slices}

        def worth(window):
            _, slices, arrows, _ = window
            return len({s[2] for s in slices}) + len({starts.get(a[2:]) for a in arrows}), len(arrows)

        windows = [(s[0], *self.within(s[0])) for s in self.slices[::3]]
        fit = [w for w in windows if len(w[1]) <= MOST_SLICES and len(w[3]) <= MOST_LANES]
        if not fit:
            raise ValueError("no %d ms of the recording fit a picture" % (WINDOW_US / 1000))
        return max(fit, key=worth)


def block(rows):
    return "".join(" ".join("%.4f" % x for x in row) + "\n" for row in rows) + "e\n"


def timeline(path, out):
    recording = Recording(path)
    begin, slices, arrows, lanes = recording.best()
    y = {lane: i + 0.5 for i, lane in enumerate(lanes)}
    height = LANE * len(lanes) + 116
    per_ms = WIDTH * (0.98 - LEFT / WIDTH) / (WINDOW_US / 1000)
    plots, data, labels = [], [], []
    for i, routine in enumerate(sorted({s[2] for s in slices})):
        rows = []
        for start, end, _, lane in (s for s in slices if s[2] == routine):
            x = [(min(max(t, begin), begin + WINDOW_US) - begin) / 1000 for t in (start, end)]
            rows.append((x[0], y[lane], *x, y[lane] - 0.34, y[lane] + 0.34))
            name = routine.split(" ")[0]
            if (x[1] - x[0]) * per_ms > 7.5 * len(name):
                labels.append('set label "%s" at %.4f,%.1f front center tc rgb "#ffffff" font ",11"' % (
                    name, sum(x) / 2, y[lane]))
        plots.append('"-" using 1:2:3:4:5:6 with boxxyerror lc rgb "%s" title "%s"' % (
            COLOURS[i % len(COLOURS)], routine))
        data.append(block(rows))
    data.append(block(((a[0] - begin) / 1000, y[a[1]], (a[2] - a[0]) / 1000, y[a[3]] - y[a[1]]) for a in arrows))
    gnuplot(TIMELINE.format(
        width=WIDTH, height=height, out=out, ms=WINDOW_US // 1000, cpus=len({n.split()[1] for n in recording.names.values()}), lanes=len(lanes), left=LEFT / WIDTH,
        top=1 - 36 / height, bottom=80 / height, plots=", \\\n ".join(plots), data="".join(data),
        names=", ".join('"%s" %.1f' % (recording.names[lane], y[lane]) for lane in lanes),
        # A line between the CPUs.
        lines="\n".join('set arrow from 0,%d to %d,%d nohead lc rgb "#b0b0b0"' % (i, WINDOW_US // 1000, i)
                        for i in range(1, len(lanes)) if lanes[i][0] != lanes[i - 1][0]),
        labels="\n".join(labels)), out)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    terminal(sys.argv[1], os.path.join(sys.argv[3], "wqc-top.svg"))
    timeline(sys.argv[2], os.path.join(sys.argv[3], "wqc-trace.svg"))


if __name__ == "__main__":
    main()
