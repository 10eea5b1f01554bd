#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/reports.py [FILE]

Has every message that the module can print its entry in docs/debugging.md, and is each entry
of a message that there is? Messages are the formats of pr_*() and wqc_report() in the
sources, and the texts that verifier.c gives the latter. In FILE they stand in the tables
with a column "says", in backquotes, with a word in capitals for each conversion; those of
wqc_report() in the row whose column "report" is "TEXT (CODE)".
Exit status: 0, 1 something is wrong, 3 this check cannot work.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from semantics import read, tables    # noqa: E402

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STRING = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
PRINT = re.compile(r"\bpr_(?:emerg|alert|crit|err|warn|notice|info|cont)\w*\(\s*" + STRING)
REPORT = re.compile(r"\bwqc_report\(\s*(\w+)\s*,\s*" + STRING)
TEXT = re.compile(r'\[(WQC_R_\w+)\] = \{ "([^"]*)", "([^"]*)" \}')
CONVERSION = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?(?:p\w*|[a-zA-Z])")


def literal(strings):
    """A format as it is printed, without what stands before and after every message."""
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', strings))
    return text.replace("\\n", "").replace("wq_compat: ", "", 1)


def pattern(fmt):
    """What an entry for this format has to look like. %s may stand for a whole clause."""
    out, at = "", 0
    for m in CONVERSION.finditer(fmt):
        out += re.escape(fmt[at:m.start()])
        out += "(?:.*)" if m[0] == "%s" else r"[A-Z]+"
        at = m.end()
    return re.compile(out + re.escape(fmt[at:]) + r"\Z")


def sources():
    """{file: text} of what becomes the modules: comments are left out."""
    paths = [p for room in ("", "core", "rx", "diag", "nt")
             for p in glob.glob(os.path.join(TOP, room, "*.[ch]"))]
    return {p: re.sub(r"/\*.*?\*/", "", read(p), flags=re.S) for p in sorted(paths)}


def messages(files):
    """(message formats of pr_*(), {report id: formats}, {report id: "TEXT (CODE)"})"""
    prints, reports, texts = set(), {}, {}
    for text in files.values():
        for name, code, words in TEXT.findall(text):
            texts[name] = "%s (%s)" % (words, code)
    for path, text in files.items():
        # What wqc_report() itself prints is made of the texts.
        prints |= {literal(f) for f in PRINT.findall(text) if "%s (%s): %s" not in f}
        for name, fmt in REPORT.findall(text):
            # The id is a variable: any that the file speaks of, outside of reports.
            ids = [name] if name in texts else \
                set(re.findall(r"\bWQC_R_\w+", REPORT.sub("", text))) & set(texts)
            if not ids:
                raise ValueError("%s: which report is %s?" % (path, name))
            for i in ids:
                reports.setdefault(i, set()).add(literal(fmt))
    return prints, reports, texts


def entries(path):
    """(forms of messages, {"TEXT (CODE)": forms})"""
    plain, reports = [], {}
    for number, row in tables(read(path)):
        if row is None:
            raise ValueError("%s:%d: another number of columns than the head" % (path, number))
        if "says" not in row:
            continue
        if not all(row.values()):
            raise ValueError("%s:%d: an empty cell" % (path, number))
        forms = re.findall(r"`([^`]*)`", row["says"])
        if "report" in row:
            reports[row["report"]] = forms
        else:
            plain += forms
    return plain, reports


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, "docs", "debugging.md")
    prints, reports, texts = messages(sources())
    plain, explained = entries(path)
    if not prints or not texts or not reports:
        raise ValueError("no messages in the sources")
    wrong = []

    def compare(formats, forms, where):
        patterns = {f: pattern(f) for f in formats}
        wrong.extend("%s: no entry for: %s" % (where, f) for f, p in patterns.items()
                     if not any(p.match(e) for e in forms))
        wrong.extend("%s: there is no such message: %s" % (where, e) for e in forms
                     if not any(p.match(e) for p in patterns.values()) and e[0] != " ")

    compare(prints, plain, "messages")
    for name, text in texts.items():
        if text not in explained:
            wrong.append("no entry for the report: " + text)
        else:
            compare(reports.get(name, ()), explained[text], text)
    wrong += ["there is no such report: " + t for t in explained if t not in texts.values()]
    for what in wrong:
        print(what)
    print("%d messages, %d reports, %d wrong" % (len(prints), len(texts), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError) as error:
        print("reports.py: cannot check: %s" % error)
        sys.exit(3)
