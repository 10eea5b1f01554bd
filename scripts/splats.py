# SPDX-License-Identifier: GPL-2.0
"""Finds kernel reports (splats) in a console log by a deny list and its exceptions."""

import os
import re

# A report ends with one of these, or after this many lines.
END = re.compile(r"---\[ end trace|^ ?</TASK>$|^=====+$|^={10,}")
LONGEST = 120
# Part of most reports: used as their text only if no other line names the problem.
WEAK = re.compile(r"cut here|Call Trace:")


def rules(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n") for line in f if line.strip() and line[0] != "#"]


def deny_list(guest):
    deny = re.compile("|".join("(?:%s)" % r for r in rules(os.path.join(guest, "splats.txt"))))
    # With an empty list every log would pass.
    if not deny.search("WARNING: CPU: 0") or deny.search("wq_compat: loaded"):
        raise ValueError("splats.txt does not work")
    return deny


def allow_list(guest):
    """(REGEX, CONTEXT, BUT) of each exception."""
    out = []
    for rule in rules(os.path.join(guest, "allowed.txt")):
        parts = [p.strip() for p in rule.split("##")]
        if len(parts) not in (3, 4) or not all(parts):
            raise ValueError("allowed.txt: not REGEX ## CONTEXT ## REASON [## BUT]: " + rule)
        context, but = ".*" if parts[1] == "*" else parts[1], (parts + ["(?!)"])[3]
        out.append((re.compile(parts[0]), re.compile(context), re.compile(but)))
    return out


def exception(allow, line, where):
    """BUT of the exception for this report, or None."""
    return next((but for a, c, but in allow if a.search(line) and c.search(where)), None)


def find(log, contexts, guest, panic=None):
    """(context, telling line) of each report that is not allowed. A report is a block of
    lines: its head is judged, what follows in it is not reported again. PANIC: expected."""
    deny, allow = deny_list(guest), allow_list(guest)
    if panic:
        allow.append((re.compile(re.escape(panic)), re.compile(""), re.compile("(?!)")))
    block, left, first, but = None, 0, None, None
    for line, where in zip(log, contexts):
        if deny.search(line):
            left = LONGEST
            but = exception(allow, line, where)
            if but:
                block, first = "allowed", (where, line.strip())
            elif block != "reported":
                block = "reported"
                yield where, line.strip()
        elif not block and WEAK.search(line):
            but = exception(allow, line, where)
            block, left = "allowed" if but else "pending", LONGEST
            first = (where, line.strip())
        elif block == "allowed" and but.search(line):
            block = "reported"
            yield first
        left -= 1
        if block and (END.search(line) or not left):
            if block == "pending":
                yield first
            block = None
    if block == "pending":
        yield first
