# SPDX-License-Identifier: GPL-2.0
"""The tables of the benchmark: the figures with their targets, and those of performance.md."""

import os
from statistics import median

import generated
from bench_figures import Run

CLASSES = ("io_delayed", "io_critical", "io_hyper", "rx_delayed", "rx_critical", "rx_hyper",
           "rx_dispatch", "io_allocated", "raw_unbound", "raw_unbound_highpri", "raw_highpri",
           "raw_kthread", "raw_allocated", "raw_ordered")


def targets(results):
    out = []
    one, many = Run(results, "instructions1"), Run(results, "posters1")
    side = {n: Run(results, "parallel%d" % n) for n in (2, 4, 8)}
    late, late_612 = ([Run(results, "latency%d%s" % (n, kernel)).quantiles for n in (2, 50)]
                      for kernel in ("", "-6.12"))
    sizes = Run(results, "idle8").values

    def row(name, values, must, stretch=None, fmt="%.3f"):
        worst = max(values)
        verdict = ("pass" if worst <= must else "MISS") + \
            (", stretch" if stretch is not None and worst <= stretch else "")
        out.append((name, ", ".join(fmt % v for v in values), "<= %g" % must,
                    "" if stretch is None else "<= %g" % stretch, verdict))

    def ratio(name, case, who, raw, must, stretch, run=one):
        row(name, [run.ratio(case, who, raw)], must, stretch)

    ratio("burst, Delayed / WQ_UNBOUND", "burst", "io_delayed", "raw_unbound", .25, .18)
    ratio("burst, Critical / WQ_UNBOUND + WQ_HIGHPRI", "burst", "io_critical",
          "raw_unbound_highpri", .25, .18)
    ratio("burst, RxPost Critical / WQ_HIGHPRI", "burst", "rx_critical", "raw_highpri", .30, .22)
    ratio("burst, HyperCritical / FIFO kthread_queue_work", "burst", "io_hyper", "raw_kthread",
          .65, .50)
    row("queue call alone, instructions: Io, RxPost",
        [one.cost("call", "io_delayed"), one.cost("call", "rx_critical")], 110, 70, "%.0f")
    ratio("burst, RxDispatch / allocate, queue_work, free", "burst", "rx_dispatch",
          "raw_allocated", .40, .30)
    ratio("one at a time, Delayed / WQ_UNBOUND", "one", "io_delayed", "raw_unbound", 1.06, 1.02)
    ratio("one at a time, Critical / the same, WQ_HIGHPRI", "one", "io_critical",
          "raw_unbound_highpri", 1.06, 1.02)
    ratio("one at a time, HyperCritical / kthread", "one", "io_hyper", "raw_kthread", 1.02, .98)
    row("4 CPUs post at once / one: Delayed, Critical, HyperCritical, RxPost",
        [many.cost("posters4", w) / many.cost("posters1", w)
         for w in ("io_delayed", "io_critical", "io_hyper", "rx_critical")], 1.10, 1.03)
    # The host may preempt a virtual CPU, so the median counts, as with ratios of times.
    woken = sorted(Run(results, "kicks").values["kicks", "io_delayed"])
    row("runners woken by a burst on 4 CPUs, median of %d (%d to %d)" %
        (len(woken), woken[0], woken[-1]), [median(woken)], 8, 5, "%d")
    for case, text in (("cpu64", "64 x 2 ms of CPU"), ("sleep64", "64 x 20 ms of sleep")):
        for who in ("Delayed", "Critical"):
            row("%s, %s / WQ_UNBOUND, on 2, 4, 8 CPUs" % (text, who),
                [r.rounds(case, "io_" + who.lower(), "raw_unbound")[1] for r in side.values()],
                1.10, 1.00, "%.2f")
    for kernel, runs in (("", late), (", on 6.12", late_612)):
        row("latency p99, HyperCritical / WQ_HIGHPRI, flood of 2, 50 us" + kernel,
            [q["io_hyper"][990] / q["raw_highpri"][990] for q in runs], .5, .2, "%.3f")
    for kernel, runs in (("", late), (", on 6.12", late_612)):
        row("latency p99.9, HyperCritical behind one that sleeps / alone" + kernel,
            [q["io_hyper_behind"][999] / q["io_hyper"][999] for q in runs], 1.2, 1.05, "%.2f")
    for what, most in (("WORK_QUEUE_ITEM", 32), ("wqc_io_item", 64), ("IoSizeofWorkItem", 80)):
        row("bytes, " + what, sizes["sizeof", what], most, fmt="%d")
    return out


HEAD = ("figure", "measured", "must", "stretch", "verdict")


def plain(rows):
    widths = [max(map(len, column)) for column in zip(HEAD, *rows)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in [HEAD, *rows])


def markdown(rows, head=HEAD):
    out = ["| %s |" % " | ".join(r) for r in [head, *rows]]
    out.insert(1, "|---" * len(head) + "|")
    return "\n".join(out)


def costs(results):
    run = Run(results, "instructions1")
    cases = ("burst", "call", "one", "requeue")
    return markdown([(w, *("%.0f" % run.cost(c, w) for c in cases)) for w in CLASSES],
                    ("contender", *cases))


def posters(results):
    values = Run(results, "posters1").values
    cases = ("posters1", "alone", "posters2", "posters4")

    def cell(v):
        v = sorted(v)
        return "%.0f (%.0f to %.0f)" % (v[len(v) // 2] / 100, v[0] / 100, v[-1] / 100)
    return markdown([(w, *(cell(values[c, w]) for c in cases)) for w in CLASSES
                     if ("posters1", w) in values], ("contender", *cases))


def latency(results):
    rows = []
    for kernel in ("", "-6.12"):
        for n in (2, 50):
            for who, q in Run(results, "latency%d%s" % (n, kernel)).quantiles.items():
                rows.append((kernel[1:] or "6.1", "%d us" % n, who,
                             *("%.1f" % (q[k] / 1000) for k in (500, 990, 999, 1000))))
    return markdown(rows, ("kernel", "flood of", "contender", "p50, us", "p99", "p99.9",
                           "maximum"))


def parallel(results):
    rows = []
    for n in (2, 4, 8):
        run = Run(results, "parallel%d" % n)
        for case in ("cpu64", "sleep64", "mixed", "posters"):
            rows.append((case, str(n), *("%.2f (%.2f to %.2f)" % (mid, low, high)
                         for low, mid, high in (run.rounds(case, w, "raw_unbound") for w in
                                                ("io_delayed", "io_critical",
                                                 "raw_unbound_highpri")))))
    return markdown(rows, ("case", "CPUs", "Delayed", "Critical", "WQ_UNBOUND + WQ_HIGHPRI"))


def idle(results):
    with open(os.path.join(results, "size")) as f:
        text, data, bss = f.readlines()[1].split()[:3]
    rows = []
    for n in (8, 64):
        run = Run(results, "idle%d" % n)
        value = {k[0]: sorted(v)[len(v) // 2] for k, v in run.values.items() if k[1] == "idle"}
        rt = value["rt_threads"]
        rows.append((str(n), "%.0f" % (value["memory_kb"] / n), "%.1f" % (rt / n),
                     str(value["threads"] - rt), "%.2f" % run.seconds("insmod"),
                     "%.2f" % run.seconds("rmmod")))
    return "Text %s bytes, data %s, bss %s.\n\n" % (text, data, bss) + markdown(
        rows, ("CPUs", "memory a CPU, KB", "threads a CPU", "other threads",
               "insmod, s", "rmmod, s"))


def machine(results):
    qemu, kernel, newer = (open(os.path.join(results, n)).read().strip()
                           for n in ("qemu", "kernel", "kernel-6.12"))
    return "%s, TCG; Linux %s\n\nWhere it says 6.12: Linux %s" % (qemu, kernel, newer)


def write(path, parts):
    """Replaces the parts of a page that have these names."""
    text = generated.read(path)
    for name, part in parts.items():
        text = generated.replace_part(text, name, part)
    generated.write({path: text})
