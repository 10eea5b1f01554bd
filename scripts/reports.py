#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/reports.py [--check]

Writes the messages of the modules in docs/debugging.md. In the table of reports it generates
the columns "report" ("TEXT (CODE)", in the order of verifier.c) and "says" (the formats of the
calls of wqc_report()). A form in "says" has a word in capitals for each conversion; a form
that still fits its format is kept. A report whose text changes keeps its explanation. Each
format of pr_*() must have an entry in the other table, and each entry a format. Exit status:
see generated.py.
"""

import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import read, replace_table, run, sources    # noqa: E402

STRING = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
PRINT = re.compile(r"\bpr_(?:emerg|alert|crit|err|warn|notice|info|cont)\w*\(\s*" + STRING)
REPORT = re.compile(r"\bwqc_report\(\s*(\w+)\s*,\s*" + STRING)
TEXT = re.compile(r'\[(WQC_R_\w+)\] = \{ "([^"]*)", "([^"]*)" \}')
CONVERSION = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?(p\w*|[a-zA-Z])")
HEAD = "| report | says | what happened | what to do |"
PLAIN = "| says | what happened | what to do |"


def literal(strings):
    """A format as it is printed, without what precedes and follows every message."""
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', strings))
    return text.replace("\\n", "").replace("wq_compat: ", "", 1)


def fits(form, fmt):
    """Whether an entry stands for this format. %s may stand for a whole clause."""
    parts = CONVERSION.split(fmt)
    return re.fullmatch("".join(re.escape(p) if i % 2 == 0 else ".*" if p == "s" else "[A-Z]+"
                                for i, p in enumerate(parts)), form)


def forms(fmt, known):
    """The known forms that fit a format; otherwise one with a word for each conversion."""
    def word(m):
        before = re.search(r"(\w+) $", fmt[:m.start()])
        return {"ps": "ROUTINE", "pS": "CALLER", "s": "NAME"}.get(m[1]) or (
            before[1].upper() if m[1] == "p" and before else "COUNT")
    return [f for f in known if fits(f, fmt)] or [CONVERSION.sub(word, fmt)]


def messages(files):
    """(formats of pr_*(), {report id: its formats}, {report id: "TEXT (CODE)"})"""
    texts = {m[1]: "%s (%s)" % (m[3], m[2]) for text in files.values() for m in TEXT.finditer(text)}
    prints, reports = set(), {name: [] for name in texts}
    for path, text in files.items():
        # wqc_report() itself prints "TEXT (CODE): ...".
        prints |= {literal(f) for f in PRINT.findall(text) if "%s (%s): %s" not in f}
        for name, fmt in REPORT.findall(text):
            # Where the id is a variable: every id that the file names outside of reports.
            ids = [name] if name in texts else \
                set(re.findall(r"\bWQC_R_\w+", REPORT.sub("", text))) & set(texts)
            if not ids:
                raise ValueError("%s: which report is %s?" % (path, name))
            for i in ids:
                reports[i].append(literal(fmt))
    if not prints or not texts:
        raise ValueError("no messages in the sources")
    return prints, reports, texts


def table(page, head):
    """The cells of each row of the table that begins with head."""
    rows = page[page.index("\n" + head + "\n"):].split("\n\n")[0].splitlines()[3:]
    return [[c.strip() for c in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def generate(wrong):
    files = {p: re.sub(r"/\*.*?\*/", "", text, flags=re.S) for p, text in sources().items()}
    prints, reports, texts = messages(files)
    page = read("docs", "debugging.md")
    old = {row[0]: row[1:] for row in table(page, HEAD)}
    spare = [row for text, row in old.items() if text not in texts.values()]
    rows = []
    for name, text in texts.items():
        said, *rest = old.get(text) or (spare.pop(0) if spare else ["", "", ""])
        known = re.findall(r"`([^`]*)`", said)
        new = dict.fromkeys(f for fmt in reports[name] for f in forms(fmt, known))
        rows.append([text, ", ".join("`%s`" % f for f in sorted(new, key=lambda f: (
            known.index(f) if f in known else len(known)))), *rest])
    plain = table(page, PLAIN)
    wrong += ["docs/debugging.md: an empty cell: " + row[0] for row in rows + plain if not all(row)]
    entries = re.findall(r"`([^`]*)`", " ".join(row[0] for row in plain))
    wrong += ["docs/debugging.md: no entry for: " + p for p in sorted(prints)
              if not any(fits(e, p) for e in entries)]
    wrong += ["docs/debugging.md: there is no such message: " + e for e in entries
              if e[0] != " " and not any(fits(e, p) for p in prints)]
    return {"docs/debugging.md": replace_table(page, HEAD, rows)}


if __name__ == "__main__":
    run(generate)
