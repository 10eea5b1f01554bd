# SPDX-License-Identifier: GPL-2.0
"""For mutants.py: builds, boots and judges mutants in a directory of this checkout in the cache."""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import ktap
from mutations import TOP, Source, read

KERNEL, LIMIT, QUIET = "6.1-plain", 90, 15     # s; QUIET: without a result after the red one
# Scripts that run here, on the mutant's tree, without a guest: what they call their cases.
ON_HOST = {"formats": "format", "models": "model", "install": "install", "port": "port", "view": "view",
           "crash": "crash", "htmldocs": "htmldocs", "harness": "harness"}


class Bench:
    """The directory in the cache in which mutants are built and run."""
    def __init__(self):
        def shell(words):
            return subprocess.check_output(["bash", "-c", '. scripts/lib.sh; ' + words], cwd=TOP, text=True,
                                           stdin=subprocess.DEVNULL).strip()

        cache, mark = shell('echo "$CACHE"; printf "%s" "$TOP" | cksum | cut -d" " -f1').split("\n")
        self.work = os.path.join(cache, "mutants-" + mark)
        self.tree = os.path.join(self.work, "tree")
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.tree)
        shell('copy_tree "$TOP" "%s"' % self.tree)
        self.kunit_py = os.environ.get("KSRC") or shell('"$TOP/scripts/kernel.sh" --source linux-source-6.12')
        self.kunit_py += "/tools/testing/kunit/kunit.py"
        self.source = Source()
        # Objects of this checkout only: otherwise other checkouts would compile the files again
        # that a mutant has changed. Waits end sooner than usual, because a mutant may hang.
        self.env = dict(os.environ, WQC_OBJECTS=os.path.basename(self.work),
                        WQC_TIMEOUT=os.environ.get("WQC_TIMEOUT", "10"))
        self.changed = []

    def place(self, entry, *more):
        return os.path.join(self.work, entry.name, *more)

    def apply(self, entry):
        """Turns the copy of the tree into that mutant, with only the suite that it needs."""
        for name in self.changed:
            shutil.copy2(os.path.join(TOP, name), os.path.join(self.tree, name))
        self.changed = []
        new = self.source.mutate(entry)
        suite = entry.suite()
        if suite:
            files = [p for p in glob.glob(os.path.join(TOP, "tests", "*_kunit.c"))
                     if '.name = "%s"' % suite in read(p)]
            if not files:
                raise ValueError("no suite " + suite)
            wanted = os.path.basename(files[0])[:-2] + ".o"
            kbuild = os.path.join("tests", "Kbuild")
            # Neither other suites nor the clients' directories.
            new[kbuild] = "".join(
                line for line in read(os.path.join(TOP, kbuild)).splitlines(keepends=True)
                if (not line.startswith("obj-m") and "_kunit.o" not in line) or
                re.search(r"[ =]" + wanted, line))
            new["Kbuild"] = new.get("Kbuild", read(os.path.join(TOP, "Kbuild"))).replace(
                "obj-m += tests/ samples/\n", "obj-m += tests/\n")
        for name, text in new.items():
            self.changed.append(name)
            with open(os.path.join(self.tree, name), "w", encoding="utf-8") as f:
                f.write(text)

    def guest_script(self, entry):
        return os.path.join(TOP, "tests", "guest", entry.get("Script", "kunit") + ".sh")

    def build(self, entry):
        """Builds the modules of the mutant in its directory; ValueError if they do not build."""
        self.apply(entry)
        os.makedirs(self.place(entry), exist_ok=True)
        if entry.get("Script", "").partition("-")[0] in ON_HOST:
            shutil.copytree(self.tree, self.place(entry, "tree"), symlinks=True)
            return
        words = re.search(r"^# build: (.*)", read(self.guest_script(entry)), re.M)
        run = subprocess.run(
            [os.path.join(TOP, "scripts", "build.sh"), entry.get("Kernel", KERNEL), self.tree],
            env=dict(self.env, WQC_BUILD=words[1] if words else ""), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False)
        if run.returncode:
            # The last line has the reason, and the log, which the next mutant overwrites.
            why, _, log = run.stderr.strip().split("\n")[-1].rstrip(")").partition(" (see ")
            if log:
                shutil.copy2(log, self.place(entry, "console.log"))
            raise ValueError("does not build: " + why)
        vars_ = dict(re.findall(r"(\w+)='([^']*)'", run.stdout))
        shutil.copytree(vars_["MODULES"], self.place(entry, "modules"))
        entry.kimage = vars_["KIMAGE"]
        # The sources of the cases: the mutation may be in one of them.
        os.makedirs(self.place(entry, "tests"))
        for path in glob.glob(os.path.join(self.tree, "tests", "*_kunit.c")):
            if not entry.suite() or '.name = "%s"' % entry.suite() in read(path):
                shutil.copy2(path, self.place(entry, "tests"))

    def start_guest(self, entry, script, where, **env):
        return subprocess.Popen(
            [os.path.join(TOP, "scripts", "guest.sh"), entry.get("Kernel", KERNEL), script, where],
            # A crash ends the guest, because the tests after it could only time out.
            env=dict(self.env, GUEST_CMDLINE="oops=panic", KIMAGE=entry.kimage, **env),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run_alone(self, entry):
        script = entry.get("Script", "kunit")
        if script.partition("-")[0] in ON_HOST:
            return self.run_script(entry, script)
        self.start_guest(entry, script, self.place(entry),
                         GUEST_LIMIT=entry.get("Limit", str(LIMIT)),
                         MODULES=self.place(entry, "modules")).wait()
        return self.judge(entry)

    def run_script(self, entry, script):
        """What a script of the mutant prints, "ok LABEL: NAME", as a verdict."""
        name, _, part = script.partition("-")
        label = ON_HOST[name]
        words = ["install-test.sh"] if name == "install" else [name + ".sh", *part.split()]
        with open(self.place(entry, "console.log"), "w", encoding="utf-8") as log:
            subprocess.run([self.place(entry, "tree", "scripts", words[0]), *words[1:]], stdout=log, stderr=log,
                           stdin=subprocess.DEVNULL, check=False,
                           env=dict(self.env, WQC_INSTALL_PART=part))
        said = re.findall(r"^(ok|not ok) %s: (.*?)(?: \(.*)?$" % label,
                          read(self.place(entry, "console.log")), re.M)
        return {
            "results": {label + "." + case.replace(" ", "_"): "pass" if how == "ok" else "fail"
                        for how, case in said},
            "failures": [], "lost": False, "lost_in": ""}

    def judge(self, entry):
        out = self.place(entry, "verdict.json")
        words = [sys.executable, os.path.join(TOP, "scripts", "verdict.py"), self.place(entry),
                 self.guest_script(entry), "--tests", self.place(entry, "tests"),
                 "--kunit-py", self.kunit_py, "--json", out]
        if entry.suite():
            words += ["--only", entry.suite()]
        run = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return json.loads(read(out)) if os.path.exists(out) else {"error": (run.stdout + run.stderr)[-200:].strip()}

    def run_together(self, batch):
        """Runs several mutants in one boot: [(entry, verdict)] of those that had their turn."""
        where = os.path.join(self.work, "boot-%d" % threading.get_ident())
        shutil.rmtree(where, ignore_errors=True)
        os.makedirs(os.path.join(where, "give"))
        with open(os.path.join(where, "give", "names"), "w", encoding="utf-8") as f:
            for entry in batch:
                f.write(entry.name + "\n")
                shutil.copytree(self.place(entry, "modules"), os.path.join(where, "give", entry.name))
        shutil.copy2(self.guest_script(batch[0]), os.path.join(where, "give", "script"))
        longest = sum(int(entry.get("Limit", LIMIT)) for entry in batch) + 60
        guest = self.start_guest(batch[0], "mutants", where, GUEST_LIMIT=str(longest),
                                 GUEST_GIVE=os.path.join(where, "give"))
        begun, since = "", time.monotonic()
        late, results, fresh = False, 0, since
        while guest.poll() is None:
            time.sleep(0.3)
            said = os.path.join(where, "status.log")
            turns = re.findall(r"^TURN (\S+)\n", read(said), re.M) if os.path.exists(said) else []
            if turns and turns[-1] != begun:
                begun, since = turns[-1], time.monotonic()
            entry = next((e for e in batch if e.name == begun), None)
            limit = int(entry.get("Limit", LIMIT)) if entry else 60
            count, red = ktap.so_far(os.path.join(where, "console.log"), entry)
            if count != results:
                results, fresh = count, time.monotonic()
            quiet = red and time.monotonic() - fresh > QUIET
            if (quiet or time.monotonic() - since > limit) and not late:
                late = True
                guest.send_signal(signal.SIGTERM)
        return self.split(batch, where, late)

    def split(self, batch, where, late):
        """Cuts the logs of one boot at the turns, and judges each mutant by its part."""
        said = read(os.path.join(where, "status.log"))
        log = read(os.path.join(where, "console.log")).replace("\r", "")
        boot, *logs = re.split(r"^.*wqc-mutants: turn of (\S+)\n", log, flags=re.M)
        _, *words = re.split(r"^TURN (\S+)\n", said, flags=re.M)
        logs = dict(zip(logs[::2], logs[1::2]))
        results = []
        for name, text in zip(words[::2], words[1::2]):
            entry = next(e for e in batch if e.name == name)
            ended = re.search(r"^END \d+\n", text, re.M)
            for file, content in (("console.log", boot + logs.get(name, "")),
                                  ("status.log", text),
                                  ("outcome", "time limit\n" if late and not ended else "ended\n")):
                with open(self.place(entry, file), "w", encoding="utf-8") as f:
                    f.write(content)
            results.append((entry, self.judge(entry)))
        if not results:
            shutil.copy2(os.path.join(where, "console.log"), self.place(batch[0]))
            results.append((batch[0], {"error": "the guest did not come up"}))
        return results
