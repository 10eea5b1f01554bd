# SPDX-License-Identifier: GPL-2.0
"""For verdict.py: checks the files that a guest sends to the host with "hand_out NAME FILE".
Each must arrive and have the format of its name: NAME.trace.json, NAME.top.json, NAME.txt.
"""

import json
import os
import re
import sys

import tracejson

NUMBERS = ("queued_per_s", "finished_per_s", "queued", "finished", "taken", "refused", "depth",
           "busy", "idle", "healed")
CLASSES = ["Delayed", "Critical", "HyperCritical", "RxDelayed", "RxCritical"]


def wanted(script):
    return re.findall(r"\bhand_out[ \t]+([\w.]+)", script)


def handed_out(said):
    """{name: text} of the lines "file NAME TEXT" on the guest's own channel."""
    files = {}
    for line in said.splitlines():
        found = re.match(r"file (\S+) ?(.*)", line)
        if found:
            files[found[1]] = files.get(found[1], "") + found[2] + "\n"
    return files


def check_trace(text):
    wrong, count = tracejson.check(text)
    if not wrong and not count["X"]:
        wrong.append("no slice")
    if not wrong and not count["s"]:
        wrong.append("no arrow")
    if not wrong:
        queued = [e for e in json.loads(text)["traceEvents"] if e.get("cat") == "queue"]
        wrong += ["%s without a class" % e["name"] for e in queued
                  if e.get("args", {}).get("class") not in CLASSES]
    return wrong


def is_number(x):
    return isinstance(x, (int, float)) and not isinstance(x, bool) and x >= 0


def check_times(times):
    n, p50, p99 = times["samples"], times["p50_below_ns"], times["p99_below_ns"]
    if not is_number(n) or (not n and (p50 is not None or p99 is not None)):
        return ["times without samples"]
    if p50 is not None and p99 is not None and not 0 < p50 <= p99:
        return ["p50 %r, p99 %r" % (p50, p99)]
    return []


def check_top(text):
    """Each line must be an object that has every class."""
    wrong = []
    for line in text.splitlines():
        try:
            top = json.loads(line)
            if [c["class"] for c in top["classes"]] != CLASSES:
                wrong.append("other classes than %s" % CLASSES)
            if not is_number(top["uptime_s"]) or not is_number(top["interval_s"]):
                wrong.append("no times")
            for c in top["classes"]:
                wrong += ["%s of %s" % (n, c["class"]) for n in NUMBERS if not is_number(c[n])]
                wrong += check_times(c["waited"]) + check_times(c["ran"])
            for r in top["running"]:
                if not r["routine"] or r["class"] not in CLASSES or r["runs"] < 1 or \
                   not all(is_number(r[n]) for n in ("longest_ms", "cpu", "pid")):
                    wrong.append("a strange run: %s" % r)
        except (ValueError, KeyError, TypeError) as e:
            wrong.append("%s: %s" % (type(e).__name__, e))
    return wrong if text else ["empty"]


def check_text(text):
    return [] if text.strip() else ["empty"]


CHECKS = {".trace.json": check_trace, ".top.json": check_top, ".txt": check_text}


def judge(v, said, script, directory):
    """Checks each expected file and keeps it with the logs."""
    files = handed_out(said)
    for name in wanted(script):
        check = next((c for end, c in CHECKS.items() if name.endswith(end)), None)
        if not check:
            raise ValueError("no check for files such as " + name)
        if name not in files:
            v.add("file." + name, "fail", "no such file was handed out", "missing")
            continue
        with open(os.path.join(directory, name), "w", encoding="utf-8") as f:
            f.write(files[name])
        wrong = check(files[name])
        v.add("file." + name, "fail" if wrong else "pass", "; ".join(wrong[:5]))


if __name__ == "__main__":
    BAD = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for why in (check_trace if path.endswith("t.json") else check_top)(file.read()):
                print("%s: %s" % (path, why))
                BAD = 1
    sys.exit(BAD)
