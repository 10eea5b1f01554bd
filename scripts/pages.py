# SPDX-License-Identifier: GPL-2.0
"""Generated parts of pages: between the lines "<!-- NAME -->" and "<!-- end -->"."""

import difflib
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as f:
        return f.read()


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
