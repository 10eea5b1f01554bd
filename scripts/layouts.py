#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Compares the layouts of structures with those of mingw-w64's DDK headers.

usage: scripts/layouts.py OBJECT COMPILER...

OBJECT was compiled from the headers of include/, with DWARF. COMPILER is the compiler with its
options for those headers. A structure that differs must be in scripts/layouts.txt, with a reason, and
one that is there must differ. What mingw-w64 has not, or only by another name, is not compared.
"""

import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MEMBER = re.compile(r"^(.*?[\s*])(\w+)(\[[^;]*\])?(?: __attribute__.*)?;\s*/\*\s+(\d+)\s+(\d+) \*/")
FUNCTION = re.compile(r"^.*\(\*(\w+)\)\(.*;\s*/\*\s+(\d+)\s+(\d+) \*/")
CLOSER = re.compile(r"^\}(?: __attribute__\(\(.*?\)\))?(?: (\w+)(\[[^;]*\])?)?(?: __attribute__.*)?;")


def members(lines):
    """[(path, offset)] of the lines between the braces of a structure, as pahole prints them."""
    stack = [[]]
    for line in lines:
        line = line.strip()
        m = CLOSER.match(line)
        if re.match(r"(struct|union)\b[^;]*\{$", line):
            stack.append([])
        elif m:
            inner = stack.pop()
            # An array of structures: its first element has the offsets.
            name = m[1] + ("[0]" if m[2] else "") + "." if m[1] else ""
            stack[-1] += [(name + path, at) for path, at in inner]
        else:
            m = FUNCTION.match(line)
            if m:
                stack[-1].append((m[1], int(m[2])))
                continue
            m = MEMBER.match(line)
            if m and ":" not in line.split("/*")[0]:
                stack[-1].append((m[2], int(m[4])))
    return stack[0]


def structures(obj):
    """{"struct _TAG": (size, members)} of an object."""
    text = subprocess.run(["pahole", obj], check=True, capture_output=True, text=True).stdout
    found = {}
    for m in re.finditer(r"^((?:struct|union) _[A-Z]\w*) \{\n(.*?)^\}", text, re.M | re.S):
        size = re.search(r"/\* size: (\d+)", m[2])
        if size:
            found[m[1]] = (int(size[1]), members(m[2].split("\n")))
    return found


def compare(ours, compiler):
    """({structure: what differs}, the structures that were compared)."""
    lines, what = ["#include <ntifs.h>", "#include <stddef.h>"], {}
    for name, (size, inner) in sorted(ours.items()):
        for member, value in [("", size)] + inner:
            got = "__builtin_offsetof(%s, %s)" % (name, member) if member else "sizeof(%s)" % name
            lines.append("_Static_assert(%s == %d, \"differs\");" % (got, value))
            what[len(lines)] = (name, member)
    run = subprocess.run(compiler + ["-fmax-errors=0", "-x", "c", "-"], input="\n".join(lines) + "\n",
                         capture_output=True, text=True, check=False)
    differ, absent = {}, set()
    for line, says in re.findall(r"^<stdin>:(\d+):\d+: error: (.*)", run.stderr, re.M):
        name, member = what[int(line)]
        if says.startswith("static assertion failed"):
            differ.setdefault(name, []).append(member or "its size")
        elif not member:
            absent.add(name)
    if not differ and run.returncode and not absent:
        sys.exit(run.stderr[-500:])
    return differ, set(ours) - absent


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(os.path.join(TOP, "scripts", "layouts.txt"), encoding="utf-8") as f:
        known = dict(re.findall(r"^(\w+ \w+): (.+)$", f.read(), re.M))
    differ, compared = compare(structures(sys.argv[1]), sys.argv[2:])
    bad = 0
    for name in sorted(set(differ) | set(known)):
        if name not in known:
            print("%s differs from Windows': %s" % (name, ", ".join(differ[name])))
            bad += 1
        elif name not in differ:
            print("scripts/layouts.txt: %s does not differ" % name)
            bad += 1
    print("%d structures compared, %d of them differ for a reason" % (len(compared), len(known)))
    return bad or len(compared) < 100


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
