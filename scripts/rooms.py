#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The direction between the rooms of the tree, by what each file includes and calls (make lint).

usage: scripts/rooms.py TREE [OBJECTS]

The fronts at the top and in rx/, and diag/, include and call the engine in core/. core/ includes and
calls neither fronts nor diag/, except by way of wqc_ops (core/ops.h). lib/ includes and calls no
other room. nt/ is a module of its own, which uses only exported symbols of wq-compat. OBJECTS:
where TREE was compiled; then calls are checked, too, and that no circle of files is larger than MOST.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

MOST = 6
ROOMS = ("", "core", "rx", "diag", "lib", "nt")
# The rooms that the files of a room may include beside their own; files that every room may.
MAY = {"": {"core", "rx", "diag", "lib", "include"},
       "core": {"lib"},
       "rx": {"core", "lib", "include"},
       "diag": {"core", "rx", "lib"},
       "lib": set(),
       "nt": {"lib", "include"}}
OPEN = {"wq_compat.h", "wq_types.h"}
NT_MAY = {"core/report.h"}
OPS = "wqc_ops"


def room_of(name):
    """rx_workq.c is of rx/, but lies at the top, where a Windows engineer looks for it."""
    return "rx" if name == "rx_workq" else os.path.dirname(name)


def includes(tree):
    """A line for each include that MAY does not allow."""
    bad = []
    for room in ROOMS:
        for path in sorted(glob.glob(os.path.join(tree, room, "*.[ch]"))):
            with open(path, encoding="utf-8") as f:
                names = re.findall(r'^#\s*include\s+"([^"]+)"', f.read(), re.M)
            for name in names:
                to = os.path.normpath(os.path.join(room, name))
                other = to.partition("/")[0] if "/" in to else ""
                if (to in OPEN or other == room or other in MAY[room] or
                        room == "nt" and to in NT_MAY):
                    continue
                bad.append("%s includes %s" % (os.path.relpath(path, tree), to))
    return bad


def calls(objects):
    """{(file, file): symbols} between the objects of wq-compat, but for the operations."""
    defined, wanted = {}, {}
    for room in ROOMS[:-1]:
        for path in glob.glob(os.path.join(objects, room, "*.o")):
            name = os.path.relpath(path, objects)[:-2]
            if name.startswith("wq-compat"):
                continue
            out = subprocess.run(["nm", path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 text=True, check=True).stdout
            wanted[name] = set(re.findall(r"^ +U (\w+)$", out, re.M)) - {OPS}
            defined.update(dict.fromkeys(re.findall(r"^\w+ [TDBRCVW] (\w+)$", out, re.M), name))
    if not defined:
        raise ValueError("nothing is compiled in " + objects)
    edges = {}
    for name, symbols in wanted.items():
        for symbol in symbols:
            if defined.get(symbol, name) != name:
                edges.setdefault((name, defined[symbol]), set()).add(symbol)
    return edges


def circles(edges):
    """Sets of files that all reach one another."""
    reach = {}
    for name, _ in edges:
        seen, todo = set(), [name]
        while todo:
            new = {b for a, b in edges if a == todo[-1]} - seen
            todo.pop()
            seen |= new
            todo += new
        reach[name] = seen
    return {frozenset(b for b in seen if name in reach.get(b, ())) for name, seen in reach.items()
            if name in seen}


def prove(tree):
    """Plants violations in a copy of the tree; a line for each that includes() does not find."""
    bad = []
    for path, name in (("core/queue.c", "rx/rx.h"), ("core/run.h", "diag/guard.h"),
                       ("lib/format.c", "core/core.h"), ("nt/main.c", "core/queue.h")):
        with tempfile.TemporaryDirectory() as tmp:
            for room in ROOMS[1:]:
                shutil.copytree(os.path.join(tree, room), os.path.join(tmp, room))
            with open(os.path.join(tmp, path), "a", encoding="utf-8") as f:
                f.write('#include "../%s"\n' % name)
            if "%s includes %s" % (path, name) not in includes(tmp):
                bad.append("includes() does not find that %s includes %s" % (path, name))
    return bad


def main():
    tree, objects = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    bad = includes(tree) + prove(tree)
    if objects:
        edges = calls(objects)
        for (a, b), symbols in sorted(edges.items()):
            if room_of(a) != room_of(b) and room_of(b) not in MAY[room_of(a)]:
                bad.append("%s.c calls %s.c: %s" % (a, b, " ".join(sorted(symbols))))
        for circle in circles(edges):
            if len(circle) > MOST:
                bad.append("a circle of %d files: %s" % (len(circle), " ".join(sorted(circle))))
    print("\n".join(bad) or "each room includes and calls only what it may")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        sys.exit("rooms.py: %s" % (error or __doc__))
