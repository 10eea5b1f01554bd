#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""For view.sh: the tests. PROMTOOL= names promtool."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import badwords      # noqa: E402
from terminal import CLASSES, COLUMNS, TOP, Files, Terminal, one_line, read, run, same      # noqa: E402

# What each key makes of its own column: of the routines, and of the drivers.
ROUTINES = {"N": "3 2 1 1 1", "C": "Delayed Delayed Critical HyperCritical RxDelayed", "U": "0 1 1 2 3",
            "P": "20 70 73 80 90", "T": "alone beta delta kappa zeta", "L": "900 100 50 40 7"}
DRIVERS = {"N": "4 3 1 0", "W": "70 5 1 0", "K": "2 2 1 0", "D": "2 1 0 0",
           "M": "(kernel) alpha gamma quiet", "T": "- alone beta zeta", "L": "900 100 40 -"}


def started(*words, **more):
    """A terminal with the second frame, which is that of a refresh."""
    t = Terminal("-d", "600", *words, **more)
    t.frame(1)
    t.files.advance(3)
    return t, t.press(" ")


def classes_of(frame):
    return [line.split()[0] for line in frame[3:8]]


def rows_of(frame, column):
    """Of the second table, below its line of titles."""
    at = next(i for i, line in enumerate(frame) if line.lstrip().lower().startswith("longest ms"))
    rows = [line.split() for line in frame[at + 1:] if line and not line.startswith("[1]")]
    return [row[column] for row in rows]


def header_has_a_key_for_each_column():
    t, frame = started()
    for key, title in (("[i]", "in/s"), ("[o]", "out/s"), ("[d]", "depth"), ("[b]", "busy"), ("[e]", "idle")):
        same(frame[1].find(key) + 3, frame[2].index(title) + len(title), "place of " + key)
    same([m.end() for m in re.finditer("99%", frame[2])], [frame[1].find(k) + 3 for k in ("[w]", "[r]")],
         "places of [w] and [r]")
    same((frame[1].find("[c]"), frame[2].find("CLASS")), (0, 0), "places of the class and its key")
    same(frame[9].split(), ["[%s]" % k for k in "LNCUPT"], "keys of the routines")
    same(frame[-2].split()[-1], "reversed", "last word of the last line, which is cut at 79")
    same(t.press("m")[9].split(), ["[%s]" % k for k in "LNWKDMT"], "keys of the drivers")
    same(t.ended(lambda: os.write(t.master, b"q")), 0, "exit status")


def keys_order_the_classes():
    t, frame = started()
    same(classes_of(frame), CLASSES, "order without a key")
    for key, values in COLUMNS.items():
        wanted = [c for _, c in sorted(zip(values, CLASSES), reverse=True)]
        frame = t.press(key)
        same(classes_of(frame), wanted, "order by " + key)
        # Capitals are the title of that column.
        titles = re.findall(r"\b[A-Z/]{3,}", frame[1] + frame[2])
        same(titles, [{"i": "IN/S", "o": "OUT/S", "d": "DEPTH", "b": "BUSY", "e": "IDLE", "w": "WAITED",
                       "r": "RAN"}[key]], "capitals")
        same(classes_of(t.press(key)), wanted[::-1], "the other order by " + key)
    same(classes_of(t.press("c")), CLASSES, "order by c")


def check_orders(t, orders, columns):
    for key, order in orders.items():
        wanted = order.split()
        same(rows_of(t.press(key), columns.index(key)), wanted, "order by " + key)
        same(rows_of(t.press(key), columns.index(key)), wanted[::-1], "the other order by " + key)


def keys_order_the_routines():
    t, frame = started()
    same(rows_of(frame, 0), ROUTINES["L"].split(), "order without a key")
    check_orders(t, ROUTINES, "LNCUPT")
    same(rows_of(Terminal("-d", "600", "-s", "dT").frame(1), 5), ROUTINES["T"].split(), "order of -s")


def drivers_have_a_row_each():
    t, _ = started()
    frame = t.press("m")
    same([rows_of(frame, c) for c in (5, 1, 2, 3, 4, 6)],
         [["gamma", "(kernel)", "alpha", "quiet"], ["3", "1", "4", "0"], ["1", "0", "5", "70"],
          ["2", "1", "2", "0"], ["1", "0", "2", "0"], ["beta", "alone", "zeta", "-"]], "rows")
    check_orders(t, DRIVERS, "LNWKDMT")
    same(t.press("m")[9].split()[2], "[C]", "third key after the second m")


def keys_change_the_view():
    t, _ = started()
    same(classes_of(t.press("1"))[0:2], ["Delayed/0", "Delayed/1"], "rows by CPU")
    same(classes_of(t.press("1")), CLASSES, "rows by class")
    os.write(t.master, b"z\n")
    same(classes_of(t.press("d"))[0], "RxDelayed", "order after keys without a meaning")
    t, frame = started("-c", rows=12)
    same((len(frame) - 1, frame[3].split()[0]), (11, "Delayed/0"), "lines on a small terminal")


def terminal_is_restored():
    for what, how, status in (("q", lambda t: os.write(t.master, b"q"), 0),
                              ("an interrupt", lambda t: os.write(t.master, b"\3"), 130),
                              ("SIGTERM", lambda t: t.child.send_signal(signal.SIGTERM), 143)):
        t, _ = started()
        same(t.ended(lambda: how(t)), status, "exit status after " + what)
    t, _ = started()
    shutil.rmtree(t.files.path)
    same(t.ended(lambda: os.write(t.master, b" ")), 1, "exit status without the module")
    same("wq_compat was unloaded" in t.text, True, "the reason")


def plain_output_has_no_escape():
    for words in (("-1", "-d", "0"), ("-n", "2", "-d", "0.1", "--json"), ("--prometheus",)):
        t = Terminal(*words)
        same(t.ended(), 0, "exit status of %s" % (words,))
        same("\033" in t.text or not t.text, False, "escapes of %s" % (words,))
    t.files.advance(0)
    got = run("-n", "2", "-d", "0.1", "-m", files=t.files)
    same("\033" in got.stdout or got.stdout.count("CLASS") or got.stdout.count("class") != 2, False, "escapes")
    got = [json.loads(line) for line in run("-n", "2", "-d", "0", "--json", files=t.files).stdout.splitlines()]
    same([c["depth"] for c in got[1]["classes"]], COLUMNS["d"], "depths")
    same(["drivers" in g for g in got], [False, False], "drivers without -m")
    got = json.loads(run("-1", "-d", "0", "-m", "--json", files=t.files).stdout)["drivers"]
    same(got[1], {"class": "Delayed", "driver": "quiet", "waiting": 70, "running": 0}, "items of a driver")


def file_for_prometheus_is_replaced_when_it_is_complete():
    files = Files()
    out, link = os.path.join(files.path, "wq.prom"), os.path.join(files.path, "link")
    with open(out, "w", encoding="utf-8") as f:
        f.write("earlier\n")
    os.link(out, link)
    same(run("--prometheus", "-o", out, files=files).stdout, "", "output")
    same(read(link), "earlier\n", "the file that was replaced")
    same(read(out), run("--prometheus", files=files).stdout, "text of the file")
    same(sorted(os.listdir(files.path)), ["drivers", "link", "objects", "queues", "reports", "running", "wq.prom"], "files")
    check = subprocess.run([os.environ["PROMTOOL"], "check", "metrics"], input=read(out), capture_output=True,
                           text=True, check=False)
    same((check.returncode, check.stdout + check.stderr), (0, ""), "promtool")
    os.remove(os.path.join(files.path, "running"))
    one_line(run("--prometheus", "-o", link, files=files), "cannot read ")
    same(read(link), "earlier\n", "the file that could not be replaced")


def labels_of_prometheus_are_escaped():
    files = Files()
    files.put("running", 'head\nDelayed 1 2 3000 a"b\\c [m\xe9]\n')
    text = run("--prometheus", files=files).stdout
    same('{routine="a\\"b\\\\c [m??]",class="Delayed"} 3.000\n' in text, True, text[-900:])
    check = subprocess.run([os.environ["PROMTOOL"], "check", "metrics"], input=text, capture_output=True,
                           text=True, check=False)
    same((check.returncode, check.stdout + check.stderr), (0, ""), "promtool")


def waiting_of_the_slowest_is_explained():
    text = os.path.join(TOP, "tests", "harness", "tools", "sched.txt")
    got = run("-w", "-o", os.path.join(Files().path, "json"), "-t", text,
              tool=os.path.join(TOP, "scripts", "wqc-trace")).stdout.splitlines()[-2:]
    # Of 2,100 us: 90 until the runner was woken; 200 and 1,000 without a CPU; 600 in another
    # routine, in which it slept and was woken; 210 in between.
    same(got, ["slowest 1 %     items  at least   asleep   no CPU   others   itself",
               "Delayed             1    2.1 ms       4%      57%      29%      10%"], "table")


def completion_offers_each_option():
    for name in ("wqc-top", "wqc-trace"):
        tool = os.path.join(TOP, "scripts", name)
        options = set(re.findall(r"(?<![\w-])(--?\w+)", run("--help", tool=tool).stdout.split("\n\n")[0]))
        got = subprocess.run(
            ["bash", "-c", '. "$1"; COMP_WORDS=("$2" -) COMP_CWORD=1; _wqc; echo "${COMPREPLY[*]}"', "-",
             os.path.join(TOP, "etc", "bash-completion"), name], capture_output=True, text=True, check=True)
        same(set(got.stdout.split()), options | {"--help"}, "completion of " + name)


def main():
    first = ""
    for test in TESTS:
        try:
            test()
            print("ok view: " + test.__name__, flush=True)
        except (AssertionError, OSError, ValueError, IndexError, StopIteration) as error:
            print("%s: %s\nnot ok view: %s" % (type(error).__name__, error, test.__name__), flush=True)
            first = first or "view: failed: %s: %s" % (test.__name__, error)
    return first[:300] if first else 0


if __name__ == "__main__":
    TESTS = [header_has_a_key_for_each_column, keys_order_the_classes, keys_order_the_routines,
             drivers_have_a_row_each, keys_change_the_view, terminal_is_restored, plain_output_has_no_escape,
             file_for_prometheus_is_replaced_when_it_is_complete, labels_of_prometheus_are_escaped,
             waiting_of_the_slowest_is_explained, completion_offers_each_option, *badwords.TESTS]
    sys.exit(main())
