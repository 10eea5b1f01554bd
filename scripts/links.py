#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/links.py

Checks that each link in README.md and docs/ leads to a file, and to a heading of it, that exist.
Exit status: 0, 1 some do not.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import TOP, read     # noqa: E402


def links():
    """(page, link) of each link whose target does not exist."""
    names = [os.path.relpath(p, TOP) for p in
             glob.glob(os.path.join(TOP, "*.md")) + glob.glob(os.path.join(TOP, "docs", "*.md"))]
    heads = {}
    for name in names:
        titles = re.findall(r"^#+ (.*)", re.sub(r"```.*?```", "", read(name), flags=re.S), re.M)
        heads[name] = {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}
    for name in names:
        for link in re.findall(r"\]\(([^)]+)\)", read(name)):
            path, _, head = link.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if not re.match(r"https?:", link) and (
                    not os.path.exists(os.path.join(TOP, path)) or
                    head and head not in heads.get(path, {head})):
                yield name, link


if __name__ == "__main__":
    broken = list(links())
    for where in broken:
        print("%s: the target of the link %s does not exist" % where)
    sys.exit(bool(broken))
