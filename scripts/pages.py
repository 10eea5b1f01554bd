#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/pages.py

For the scripts that generate pages, or parts between the lines "<!-- NAME -->" and "<!-- end -->".
As a program: does each link in the pages lead to a file, and to a heading of it, that exist?
Exit status: 0, 1 some do not.
"""

import difflib
import glob
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import TOP, read     # noqa: E402


def put(path, new, check):
    """Writes a page if it differs. With CHECK it is compared only, and True if it differs."""
    try:
        old = read(path)
    except FileNotFoundError:
        old = ""
    if old == new:
        return False
    if not check:
        with open(os.path.join(TOP, path), "w", encoding="utf-8") as f:
            f.write(new)
        return False
    print("%s is not what its sources say; \"make docs\" writes it:" % path)
    print("\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)))
    return True


def put_part(path, name, text, check):
    """The same of one part of a page."""
    page, found = re.subn(r"(?<=<!-- %s -->\n).*?(?=<!-- end -->)" % name,
                          lambda _: "\n" + text + "\n", read(path), flags=re.S)
    if found != 1:
        raise ValueError("%s has %d parts %s" % (path, found, name))
    return put(path, page, check)


def links():
    """(page, link) of each link that leads nowhere."""
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
        print("%s: %s leads nowhere" % where)
    sys.exit(bool(broken))
