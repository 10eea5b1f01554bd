#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Checks the tests by mutation: each mutant must make a test fail (make mutants).

usage: [ONLY="NAME..."] scripts/mutants.py

Each entry of tests/mutations/*.txt breaks the project in one way. It is applied to a copy of
the tree, which is built, booted and judged: a case that the entry names must fail, and no
other. After a crash or a hang in the named case others may fail too. ONLY= names entries, also
as patterns (nt-*). An entry names the kernel on which it runs; mutations.py describes its form.

Building a mutant takes longer than most suites, so one thread builds mutants ahead of the guests.
One boot loads the modules of several mutants in turn. After a kernel warning, or if a module
cannot be unloaded, the next mutant needs another boot.
"""

import fnmatch
import os
import queue
import shutil
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mutant_bench import KERNEL, Bench      # noqa: E402
from mutations import TOP, entries          # noqa: E402

AHEAD, MOST = 24, 8        # mutants built ahead; in one boot
# A boot for each: kworkers outlive the module, spoilt by mutants of the first suite, and too many
# for the second one, which needs a workqueue whose kworkers are late.
ALONE = ("wqc_return", "wqc_full")


def decide(entry, verdict):
    """(whether a case of the entry failed, and no other; the result in words)."""
    if "error" in verdict:
        return False, "NOT JUDGED: " + verdict["error"]
    cases, also = entry.all("Case"), entry.all("Also")
    missing = {f["name"] for f in verdict["failures"] if f["kind"] == "missing"}
    bad = [n for n, s in verdict["results"].items() if s == "fail"]
    red = [c for c in cases if c in bad and c not in missing]
    # After a crash or a hang, the results of other cases are not meaningful.
    upset = verdict["lost"] or verdict["results"].get("log_is_clean") == "fail"
    other = [] if upset else [n for n in bad if n not in cases and
                              not any(fnmatch.fnmatch(n, a) for a in also)]
    if red and not other:
        return True, "red: " + " ".join(red) + (" (and the guest died or reported)" if upset else "")
    if verdict["lost"] and verdict["lost_in"] in cases:
        return True, "the guest died or hung in " + verdict["lost_in"]
    if red:
        return False, "NOT ONLY THIS: also red: " + " ".join(other)
    if [c for c in cases if c not in verdict["results"]] and not verdict["lost"]:
        return False, "NO SUCH CASE"
    return False, ("SURVIVED" + (": red instead: " + " ".join(bad) if bad else "") +
                   (", lost in " + verdict["lost_in"] if verdict["lost"] else ""))


class Run:
    """The thread that builds, those that run guests, and their output."""

    def __init__(self, table):
        self.bench = Bench()
        self.table, self.ready = table, queue.Queue(AHEAD)
        self.lock, self.begun = threading.Lock(), time.monotonic()
        self.passed, self.failed = 0, []
        # A guest waits most of the time.
        self.guests = 3 * int(os.environ["JOBS"])

    def say(self, entry, good, why):
        with self.lock:
            self.passed += good
            log = self.bench.place(entry, "console.log")
            line = "%-6s %-40s %s" % ("ok" if good else "not ok", entry.name, why)
            more = "" if good or not os.path.exists(log) else "\n       log: " + log
            if not good:
                self.failed.append(line + more)
            done, minutes = self.passed + len(self.failed), (time.monotonic() - self.begun) / 60
            print("%s [%d of %d, %.0f min, about %.0f min left]%s" % (
                line, done, len(self.table), minutes, minutes / done * (len(self.table) - done), more),
                flush=True)
        if good:
            shutil.rmtree(self.bench.place(entry), ignore_errors=True)
        else:
            shutil.rmtree(self.bench.place(entry, "modules"), ignore_errors=True)

    def build_all(self):
        # Mutants of one file are built one after another, so fewer files are compiled twice.
        def order(entry):
            try:
                files = sorted(self.bench.source.mutate(entry))
            except ValueError:
                files = [""]
            return entry.get("Kernel", KERNEL), bool(entry.get("Script")), files, entry.name

        for entry in sorted(self.table, key=order):
            only_compiled = "modules_compile" in entry.all("Case")
            try:
                self.bench.build(entry)
                if only_compiled:
                    self.say(entry, False, "SURVIVED: it compiles")
                else:
                    self.ready.put(entry)
            except (ValueError, OSError) as error:
                self.say(entry, only_compiled and "does not build" in str(error), str(error))
        for _ in range(self.guests):
            self.ready.put(None)

    def run_guests(self):
        batch, last = [], False
        while True:
            while not last and len(batch) < MOST:
                try:
                    entry = self.ready.get(block=not batch)
                except queue.Empty:
                    break
                if entry is None:
                    last = True
                elif self.together(entry):
                    batch.append(entry)
                else:
                    self.say(entry, *decide(entry, self.bench.run_alone(entry)))
                    if batch:
                        break
            if not batch:
                if last:
                    return
                continue
            # A mutant that had no turn is part of the next boot. The mutants before one may have
            # spoilt the kernel: what is not noticed as it should be gets a boot of its own.
            for entry, verdict in self.bench.run_together(list(batch)):
                batch.remove(entry)
                good, why = decide(entry, verdict)
                if not good:
                    good, why = decide(entry, self.bench.run_alone(entry))
                self.say(entry, good, why)

    @staticmethod
    def together(entry):
        return not entry.get("Script") and entry.get("Kernel", KERNEL) == KERNEL and \
            entry.suite() not in ALONE

    def all(self):
        guests = [threading.Thread(target=self.run_guests) for _ in range(self.guests)]
        for thread in guests:
            thread.start()
        self.build_all()
        for thread in guests:
            thread.join()
        if self.failed:
            print("\n".join(["== what failed:", *self.failed]))
        print("%d passed, %d failed, in %d minutes" % (
            self.passed, len(self.failed), (time.monotonic() - self.begun) / 60))
        return not self.failed and self.passed > 0


def main():
    if sys.argv[1:]:
        print(__doc__)
        return 2
    wanted = os.environ.get("ONLY", "*").split()
    table = [e for e in entries() if any(fnmatch.fnmatch(e.name, w) for w in wanted)]
    os.environ.setdefault("JOBS", str(os.cpu_count()))
    if not table:
        print("no such mutation")
        return 1
    subprocess.run([os.path.join(TOP, "scripts", "deps.sh"), "check-all"], check=True)
    return 0 if Run(table).all() else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError) as error:
        sys.exit("mutants.py: %s" % error)
