# SPDX-License-Identifier: GPL-2.0
"""For scripts that generate a file, or a part of one, from the sources: scripts/X.py writes it,
scripts/X.py --check compares the committed file with what it generates.
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


def run(generate):
    """generate(wrong) returns {path: content} and appends to wrong what it cannot repair.

    Exit status: 0; 1 a file differs, or wrong is not empty; 3 the script cannot work.
    """
    name, wrong = os.path.basename(sys.argv[0]), []
    try:
        if sys.argv[1:] not in ([], ["--check"]):
            raise ValueError("usage: scripts/%s [--check]" % name)
        for path, text in generate(wrong).items():
            old = read(path)
            if old == text:
                continue
            if sys.argv[1:]:
                wrong.append("%s is not what scripts/%s writes:\n%s" % (path, name, "\n".join(
                    unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0))))
            else:
                with open(os.path.join(TOP, path), "w", encoding="utf-8") as f:
                    f.write(text)
    except (OSError, KeyError, TypeError, ValueError) as error:
        print("%s: cannot work: %s" % (name, error))
        sys.exit(3)
    print("\n".join(wrong + ["%d wrong" % len(wrong)]))
    sys.exit(1 if wrong else 0)


def replace_table(text, head, rows):
    """The text with other rows in the table that begins with the line head."""
    found = re.search("^%s\n\\|[-| ]*\n" % re.escape(head), text, re.M)
    if not found:
        raise ValueError("there is no table that begins with " + head)
    rest = re.sub(r"\A(\|.*\n)*", "", text[found.end():])
    return text[:found.end()] + "".join("| %s |\n" % " | ".join(r) for r in rows) + rest
