#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The table of mutations, for mutants.py. As a program it checks that each can be applied.

An entry ends at an empty line:

  [NAME]
  Promise: the promise of the project that the mutation breaks
  Case: SUITE.CASE      must fail; of several Case lines at least one. modules_compile: the mutant
                        is not to compile, for the kernel and with what the guest script needs
  Also: SUITE.CASE      may fail too; SUITE.* any case of it
  Suite: SUITE          the only one that runs; default: that of the first Case
  Script: NAME          guest script, instead of KUnit suites    Kernel: NAME   default 6.1-plain
  Limit: SECONDS        for a guest, default 90
   a line that stays
  -a line that is removed
  +a line that is added

The lines that stay and those that are removed must, together, occur exactly once in the tree, in
whichever file: code may move without a change here. "@@" stands between two places of one entry.
Without a guest, of the mutant's own tree: "Script: formats" is scripts/formats.sh (Case:
format.ITS_NAME), "Script: models" is models.sh (Case: model.ITS_NAME), "Script: port" port.sh
(Case: port.ITS_NAME), "Script: view" view.sh (Case: view.ITS_NAME), "Script: crash" crash.sh (Case:
crash.ITS_NAME), "Script: htmldocs" htmldocs.sh (Case: htmldocs.ITS_NAME), "Script: harness-words"
that part of harness.sh (Case: harness.ITS_NAME), "Script: install-packages" or "install-by_hand" that
part of install-test.sh (Case: install.ITS_NAME).
"""

import fnmatch
import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TOP, "scripts"))
import ktap      # noqa: E402
import status    # noqa: E402


class Entry:
    """One entry of the table."""

    def __init__(self, name, where):
        self.name, self.where = name, where
        self.head, self.places = {}, [[]]

    def get(self, key, default=None):
        return self.head.get(key, [default])[0]

    def all(self, key):
        return self.head.get(key, [])

    def suite(self):
        if self.get("Script"):
            return None
        return self.get("Suite") or self.all("Case")[0].split(".")[0]


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def entries():
    """All entries of tests/mutations, sorted by name."""
    found = {}
    for path in sorted(glob.glob(os.path.join(TOP, "tests", "mutations", "*.txt"))):
        entry = None
        for number, line in enumerate(read(path).split("\n"), 1):
            where = "%s:%d" % (os.path.relpath(path, TOP), number)
            name = re.fullmatch(r"\[([\w-]+)\]", line)
            head = re.fullmatch(r"(Promise|Case|Also|Suite|Script|Kernel|Limit): *(.+)", line)
            if name and not entry:
                entry = Entry(name[1], where)
                if name[1] in found:
                    raise ValueError("%s: a second [%s]" % (where, name[1]))
                found[name[1]] = entry
            elif not line:
                entry = None
            elif not entry:
                raise ValueError("%s: an entry begins with [NAME]" % where)
            elif head:
                entry.head.setdefault(head[1], []).append(head[2])
            elif line == "@@":
                entry.places.append([])
            elif line[0] in " -+":
                entry.places[-1].append(line)
            else:
                raise ValueError("%s: this is no line of an entry" % where)
    for entry in found.values():
        if not entry.get("Promise") or not entry.get("Case"):
            raise ValueError("%s: no Promise or Case line" % entry.where)
    return [found[name] for name in sorted(found)]


class Source:
    """The text of the files to which mutations may apply."""

    def __init__(self):
        names = subprocess.run(
            ["bash", "-c", '. scripts/lib.sh; cd "$TOP"; tree_files .'], cwd=TOP,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")
        self.text = {}
        for name in names:
            if name and not re.search(r"^tests/(mutations|harness|configs)/|_kunit\.c$|\.md$", name):
                self.text[name] = read(os.path.join(TOP, name))

    def mutate(self, entry):
        """{file: its new text}, or ValueError."""
        changed = {}
        for place in entry.places:
            old = "".join(line[1:] + "\n" for line in place if line[0] != "+")
            new = "".join(line[1:] + "\n" for line in place if line[0] != "-")
            if not old.strip() or old == new:
                raise ValueError("%s: nothing is changed" % entry.where)
            found = [(name, m.end() - len(old)) for name, text in self.text.items() if old in text
                     for m in re.finditer("(?:^|\n)" + re.escape(old), text)]
            if len(found) != 1:
                raise ValueError("%s: the lines of [%s] occur %d times%s" % (
                    entry.where, entry.name, len(found),
                    "".join(", " + name for name, _ in found)))
            name = found[0][0]
            text = changed.get(name, self.text[name])
            at = ("\n" + text).index("\n" + old)
            changed[name] = text[:at] + new + text[at + len(old):]
        return changed


def known_cases(source_dir):
    """SUITE.CASE of the sources, and guest.NAME of the guests' scripts."""
    names = {"log_is_clean", "guest_comes_to_its_end", "model.order", "modules_compile"}
    for suite, cases in ktap.expected(os.path.join(source_dir, "tests")).items():
        names.update("%s.%s" % (suite, case) for case in cases)
    for path in glob.glob(os.path.join(source_dir, "tests", "litmus", "*.litmus")):
        names.add("model." + os.path.basename(path)[:-7])
    for path in glob.glob(os.path.join(source_dir, "tests", "models", "*.pml")):
        names.add("model." + os.path.basename(path)[:-4])
    for path in glob.glob(os.path.join(source_dir, "tests", "guest", "*.sh")):
        names.update("guest." + name for name in status.all_tests(read(path)))
    return names


def check():
    """Whether each entry can be applied, and names cases that exist."""
    source, cases, bad = Source(), known_cases(TOP), 0
    table = entries()
    for entry in table:
        try:
            source.mutate(entry)
            for case in entry.all("Case") + entry.all("Also"):
                names = r"(format|install|file|port|view|crash|htmldocs|harness)\."
                if not fnmatch.filter(cases, case) and not re.match(names, case):
                    raise ValueError("%s: there is no case %s" % (entry.where, case))
        except ValueError as error:
            bad += 1
            print(error)
    print("%d mutations, %d of them cannot be applied" % (len(table), bad))
    return bad == 0


if __name__ == "__main__":
    try:
        sys.exit(0 if check() else 1)
    except (OSError, ValueError) as error:
        sys.exit("mutations.py: %s" % error)
