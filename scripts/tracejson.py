#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/tracejson.py FILE...

Checks that chrome://tracing and Perfetto can load FILE: it must follow the Trace Event Format
(the JSON Object Format with complete, metadata, flow and instant events) and what the viewers
require in addition: the slices of a thread nest, both ends of an arrow lie in slices, a thread
number belongs to one process, and each process and thread has a name.
Exit status: 0, 1 something is wrong.
"""

import collections
import json
import sys

METADATA = {"process_name": ("name", str), "thread_name": ("name", str),
            "process_labels": ("labels", str), "process_sort_index": ("sort_index", int),
            "thread_sort_index": ("sort_index", int)}


def is_int(x):
    return isinstance(x, int) and not isinstance(x, bool)


def is_time(x):
    return isinstance(x, (int, float)) and not isinstance(x, bool) and x >= 0


def check_event(e):
    """The errors of a single event."""
    if not isinstance(e, dict):
        return "is no object"
    if not isinstance(e.get("name"), str) or not e["name"]:
        return "has no name"
    if not is_int(e.get("pid")) or not is_int(e.get("tid")):
        return "has no pid or tid"
    if not isinstance(e.get("args", {}), dict):
        return "has args that are no object"
    ph = e.get("ph")
    if ph == "M":
        want = METADATA.get(e["name"])
        if not want or not isinstance(e.get("args", {}).get(want[0]), want[1]):
            return "is no metadata that the format knows"
        return None
    if not is_time(e.get("ts")):
        return "has no time stamp"
    if not isinstance(e.get("cat"), str):
        return "has no category"
    if ph == "X":
        return None if is_time(e.get("dur")) else "has no duration"
    if ph in ("s", "f"):
        if not is_int(e.get("id")):
            return "has no id"
        return None if ph == "s" or e.get("bp") == "e" else "ends an arrow at the next slice"
    if ph == "i":
        return None if e.get("s") in ("g", "p", "t") else "has no scope"
    return "is of a phase that is not written: %r" % ph


def ns(us):
    return round(us * 1000)


def check_nesting(slices):
    """The slices of a thread, sorted: each ends within the one that it began in."""
    stack = []
    for start, end, name in slices:
        while stack and stack[-1][0] <= start:
            stack.pop()
        if stack and end > stack[-1][0]:
            yield "slice %r overlaps %r" % (name, stack[-1][1])
        stack.append((end, name))


def check_arrows(events, slices):
    ends = collections.defaultdict(lambda: {"s": [], "f": []})
    for e in events:
        if e["ph"] in ("s", "f"):
            ends[(e["cat"], e["name"], e["id"])][e["ph"]].append(e)
    for key, end in ends.items():
        if len(end["s"]) != 1 or len(end["f"]) != 1:
            yield "arrow %s has %d begins and %d ends" % (key, len(end["s"]), len(end["f"]))
            continue
        if ns(end["s"][0]["ts"]) > ns(end["f"][0]["ts"]):
            yield "arrow %s goes back in time" % (key,)
        for e in end["s"] + end["f"]:
            if (e["pid"], e["tid"], ns(e["ts"])) not in slices:
                yield "arrow %s: %r begins no slice" % (key, e["ph"])


def check(text):
    """([error, ...], counts of events by phase)"""
    try:
        trace = json.loads(text)
    except ValueError as e:
        return ["not JSON: %s" % e], {}
    events = trace.get("traceEvents") if isinstance(trace, dict) else None
    if not isinstance(events, list):
        return ["no array traceEvents"], {}
    wrong = []
    if trace.get("displayTimeUnit", "ms") not in ("ms", "ns"):
        wrong.append("displayTimeUnit is neither ms nor ns")
    for number, e in enumerate(events):
        why = check_event(e)
        if why:
            wrong.append("event %d %s" % (number, why))
    if wrong:
        return wrong, {}
    threads = collections.defaultdict(list)
    starts, names, processes = set(), set(), collections.defaultdict(set)
    for e in events:
        if e["ph"] == "M":
            names.add((e["name"], e["pid"], e["tid"] if e["name"] == "thread_name" else 0))
            continue
        processes[e["tid"]].add(e["pid"])
        names_of = (("process_name", e["pid"], 0), ("thread_name", e["pid"], e["tid"]))
        wrong += ["no %s of %d/%d" % (n[0], e["pid"], e["tid"]) for n in names_of if n not in names]
        if e["ph"] == "X":
            start = ns(e["ts"])
            threads[(e["pid"], e["tid"])].append((start, start + ns(e["dur"]), e["name"]))
            starts.add((e["pid"], e["tid"], start))
    wrong += ["thread %d is of several processes" % t for t, p in processes.items() if len(p) > 1]
    for slices in threads.values():
        wrong += check_nesting(sorted(slices, key=lambda s: (s[0], -s[1])))
    wrong += check_arrows(events, starts)
    return wrong, collections.Counter(e["ph"] for e in events)


def main():
    bad = 0
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as f:
            wrong, count = check(f.read())
        for why in wrong:
            print("%s: %s" % (path, why))
        bad += len(wrong)
        print("%s: %s" % (path, ", ".join("%d %s" % (n, p) for p, n in sorted(count.items()))))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
