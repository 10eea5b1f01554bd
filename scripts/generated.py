# SPDX-License-Identifier: GPL-2.0
"""Reads, compares and writes the files that scripts generate, whole or in part, from the sources.
scripts/X.py writes such a file; scripts/X.py --check compares the committed file with it.
"""

import glob
import os
import re
import sys
from difflib import unified_diff

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as f:
        return f.read()


def sources():
    """{path: text} of the sources and headers of the modules.

    client_entry.c is compiled into the modules of clients: client.mk adds it.
    """
    paths = [os.path.relpath(p, TOP)
             for p in glob.glob(os.path.join(TOP, "**", "*.[ch]"), recursive=True)]
    return {p: read(p) for p in sorted(paths)
            if not p.startswith(("tests/", "samples/", "include/")) and
            not p.endswith("client_entry.c")}


def write(files, check=False):
    """Writes each file of {path: content} that differs; with check returns a complaint instead."""
    wrong = []
    for path, new in files.items():
        try:
            old = read(path)
        except FileNotFoundError:
            old = ""
        if old != new and check:
            wrong.append("%s differs from its sources; \"make docs\" writes it:\n%s" % (path, "\n".join(
                unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))))
        elif old != new:
            with open(os.path.join(TOP, path), "w", encoding="utf-8") as f:
                f.write(new)
    return wrong


def run(generate):
    """The program of a generator: generate(wrong) returns {path: content} and appends to wrong
    a line for each error that writing the files does not repair.

    Exit status: 0; 1 a file differs, or wrong is not empty; 3 the script cannot work.
    """
    name, wrong = os.path.basename(sys.argv[0]), []
    try:
        if sys.argv[1:] not in ([], ["--check"]):
            raise ValueError("usage: scripts/%s [--check]" % name)
        files = generate(wrong)
        wrong += write(files, bool(sys.argv[1:]))
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        print("%s: cannot work: %s" % (name, error))
        sys.exit(3)
    print("\n".join(wrong + ["%d wrong" % len(wrong)]))
    sys.exit(1 if wrong else 0)


def replace_part(text, name, part):
    """The text with another part between the lines <!-- NAME --> and <!-- end -->."""
    text, found = re.subn(r"(?<=<!-- %s -->\n).*?(?=<!-- end -->)" % name,
                          lambda _: "\n" + part.strip("\n") + "\n\n", text, flags=re.S)
    if found != 1:
        raise ValueError("the page has %d parts %s" % (found, name))
    return text


def replace_table(text, head, rows):
    """The text with other rows in the table that begins with the line head."""
    found = re.search("^%s\n\\|[-| ]*\n" % re.escape(head), text, re.M)
    if not found:
        raise ValueError("there is no table that begins with " + head)
    rest = re.sub(r"\A(\|.*\n)*", "", text[found.end():])
    return text[:found.end()] + "".join("| %s |\n" % " | ".join(r) for r in rows) + rest
