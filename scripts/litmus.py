#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Ties the proofs of tests/litmus and tests/models to the sources, for models.sh.

usage: scripts/litmus.py KERNEL_SOURCE

Prints a line "NAME WHY" for each proof whose code is no longer what it stands for; "order" is the
name for what belongs to no single proof. The head of a proof has lines

  FILE FUNCTION(): TEXT

FUNCTION in FILE must contain TEXT, white space aside; of several lines of a function each TEXT
behind the one before it. A FILE linux/... is of the kernel. (Write "( *" and "* )" in a .litmus
file: its comments nest.) A .pml file names functions that must exist. Besides:

 - each primitive that orders memory accesses (ORDERS) is in a TEXT of some proof, or its function
   is in tests/litmus/unordered.txt with the reason why it orders nothing;
 - each proof that a comment names exists, and each proof is named in a file that it stands for.
"""

import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ORDERS = re.compile(
    r"\b(?!wqc_|ntc_|__|single_release)(smp_(?!processor_id|call_function)\w+|\w*xchg\w*|\w+_(?:acquire|release)|"
    r"llist_(?:add|add_batch|del_all)|(?:hash|list)_(?:add|add_tail|del)_rcu|rcu_assign_pointer|"
    r"synchronize_rcu|kick_all_cpus_sync|test_and_\w+_bit|clear_bit|"
    r"atomic(?:64|_long)?_(?:\w+_return|fetch_\w+|\w+_and_test|dec_if_positive))\(")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def plain(text):
    """Without comments and without the white space that C ignores."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    return re.sub(r"\s*([^\w\s])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def wanted(text):
    """TEXT as a pattern: no part of a longer word."""
    text = plain(text)
    return re.compile((r"(?<!\w)" if re.match(r"\w", text) else "") + re.escape(text) +
                      (r"(?!\w)" if re.search(r"\w$", text) else ""))


class Sources:
    """The functions of the tree, and of the kernel."""

    def __init__(self, kernel):
        self.kernel, self.files = kernel, {}
        names = subprocess.run(
            ["bash", "-c", '. scripts/lib.sh; cd "$TOP"; tree_files .'], cwd=TOP,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout
        self.tree = {name: read(os.path.join(TOP, name)) for name in names.split()
                     if re.search(r"\.[ch]$", name) and not re.match("(tests|samples)/", name)}

    def functions(self, name):
        """[(function, its body)]: "NAME(...) {" at the left margin, to the next "}" there."""
        if name not in self.files:
            text = self.tree.get(name)
            if text is None and name.startswith("linux/"):
                path = os.path.join(self.kernel, name[6:])
                text = read(path) if os.path.exists(path) else None
            if text is None:
                return None
            text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)
            self.files[name] = [(m[1], plain(m[2])) for m in re.finditer(
                r"^[A-Za-z_][^\n;={}()]*?(\w+)\((?:[^;{}]*)\)[^;{}()]*(?:\([^;{}()]*\)\s*)*\{(.*?)^\}",
                text, re.M | re.S)]
        return self.files[name]


class Proof:
    """The head of a file of tests/litmus or tests/models."""

    def __init__(self, path):
        text = read(path)
        self.name = re.sub(r"\.\w+$", "", os.path.basename(path))
        head = re.split(r"\*[)/]\n", text)[0]
        self.model = path.endswith(".pml")
        self.ties = re.findall(r"^ \* +([\w/.-]+\.[ch]) (\w+)\(\): (.+)$", head, re.M)
        self.names = re.findall(r"\b(\w+)\(\)", head.partition("Stands for:")[2] * self.model)


def check_proof(proof, sources, covered):
    """Why the proof is not one of this code, or None."""
    everything = {f for name in sources.tree for f, _ in sources.functions(name)}
    if not (proof.names if proof.model else proof.ties):
        return "it names nothing that it stands for"
    for name in proof.names:
        if name not in everything:
            return "no function %s()" % name
    at, why = {}, None
    for file, function, text in proof.ties:
        bodies = [(i, b) for i, (f, b) in enumerate(sources.functions(file) or []) if f == function]
        for i, body in bodies:
            found = wanted(text).search(body, at.get((file, i), 0))
            if found:
                at[(file, i)] = found.end()
                covered.setdefault((file, i), []).append(found.span())
                break
        else:
            why = why or "%s: %s" % (file, "%s() has no %s in this order" % (function, text)
                                     if bodies else "no function %s()" % function)
    return why


def check_orders(sources, covered):
    """Primitives that no proof stands for."""
    free = dict(re.findall(r"^(\S+ \w+)\(\): (.+)$",
                           read(os.path.join(TOP, "tests", "litmus", "unordered.txt")), re.M))
    seen = set()
    for file in sources.tree:
        for i, (function, body) in enumerate(sources.functions(file)):
            for m in ORDERS.finditer(body):
                seen.add("%s %s" % (file, function))
                if "%s %s" % (file, function) not in free and not any(
                        a <= m.start() < b for a, b in covered.get((file, i), [])):
                    yield "%s: no proof stands for %s() of %s()" % (file, m[1], function)
    for name in sorted(set(free) - seen):
        yield "unordered.txt: there is nothing in %s()" % name


def check_named(sources, proofs):
    """The proofs that comments name."""
    known = {p.name for p in proofs}
    for file, text in sources.tree.items():
        for name in re.findall(r"\b([\w-]+)\.(?:litmus|pml)\b", text):
            if name not in known:
                yield "order", "%s: there is no proof %s" % (file, name)
    for proof in proofs:
        files = {file for file, _, _ in proof.ties} or set(sources.tree)
        if not any(re.search(r"\b%s\.(litmus|pml)\b" % proof.name, sources.tree.get(file, ""))
                   for file in files):
            yield proof.name, "no comment of a file that it stands for names it"


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    sources, covered = Sources(sys.argv[1]), {}
    proofs = [Proof(path) for path in sorted(glob.glob(TOP + "/tests/litmus/*.litmus") +
                                             glob.glob(TOP + "/tests/models/*.pml"))]
    for proof in proofs:
        why = check_proof(proof, sources, covered)
        if why:
            print(proof.name, why)
    for why in check_orders(sources, covered):
        print("order", why)
    for name, why in check_named(sources, proofs):
        print(name, why)
    return 0


if __name__ == "__main__":
    sys.exit(main())
