#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/links.py

Checks that each link in README.md and docs/ leads to a file, and to a heading of it, that exist:
in the tree, and in what scripts/install.sh installs of each part that has pages. There, a page that
any file names, as docs/NAME.md, must exist too. A picture that a page shows must be XML, of at most
60,000 bytes, and load nothing from elsewhere. Exit status: 0, 1 something is wrong.
"""

import glob
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import TOP, read     # noqa: E402


MOST_BYTES = 60000
NO_TARGET = "the target of the link %s does not exist"


def links(top):
    """(page, what is wrong) of each link whose target does not exist."""
    names = [os.path.relpath(p, top) for p in
             glob.glob(os.path.join(top, "*.md")) + glob.glob(os.path.join(top, "docs", "*.md"))]
    if "README.md" not in names or len(names) < 3:
        raise ValueError("there are no pages in " + top)
    heads = {}
    for name in names:
        titles = re.findall(r"^#+ (.*)", re.sub(r"```.*?```", "", read(top, name), flags=re.S), re.M)
        heads[name] = {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}
    for name in names:
        for link in re.findall(r"\]\(([^)]+)\)", read(top, name)):
            path, _, head = link.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if not re.match(r"https?:", link) and (
                    not os.path.exists(os.path.join(top, path)) or
                    head and head not in heads.get(path, {head})):
                yield name, NO_TARGET % link


def pictures(top):
    """(picture, what is wrong with it)."""
    names = sorted(glob.glob(os.path.join(top, "docs", "**", "*.svg"), recursive=True))
    shown = {os.path.normpath(os.path.join(os.path.dirname(page), link))
             for page in glob.glob(os.path.join(top, "*.md")) + glob.glob(os.path.join(top, "docs", "*.md"))
             for link in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", read(page))}
    for name in names:
        text = read(name)
        if name not in shown:
            yield name, "no page shows it"
        if len(text) > MOST_BYTES:
            yield name, "it has %d bytes, more than %d" % (len(text), MOST_BYTES)
        if re.search(r"""(href=|src=|url\()["']?(?!#)[^"')]""", text):
            yield name, "it loads something from elsewhere"
        try:
            xml.etree.ElementTree.fromstring(text)
        except xml.etree.ElementTree.ParseError as error:
            yield name, str(error)


def installed(part):
    """The same of that part, and of each page that an installed file names."""
    with tempfile.TemporaryDirectory() as root:
        subprocess.run([os.path.join(TOP, "scripts", "install.sh"), part], check=True, stdout=sys.stderr,
                       env=dict(os.environ, DESTDIR=root, PREFIX="/usr", DOCNAME="wq-compat"))
        doc = os.path.join(root, "usr", "share", "doc", "wq-compat")
        yield from links(doc)
        yield from pictures(doc)
        for path in glob.glob(os.path.join(root, "**", "*"), recursive=True):
            if os.path.isfile(path):
                for page in sorted(set(re.findall(r"(?<![\w./])docs/[\w-]+\.md", read(path)))):
                    if not os.path.exists(os.path.join(doc, page)):
                        yield part + ": " + os.path.relpath(path, root), NO_TARGET % page


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(__doc__)
    wrong = [*pictures(TOP), *links(TOP), *installed("dev"), *installed("tools")]
    for where in wrong:
        print("%s: %s" % where)
    sys.exit(bool(wrong))
