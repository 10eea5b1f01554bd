# SPDX-License-Identifier: GPL-2.0
"""For view.py: files as debugfs has them, and a terminal in which wqc-top shows them."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(TOP, "scripts", "wqc-top")
PATIENCE = 60
CLASSES = ["Delayed", "Critical", "HyperCritical", "RxDelayed", "RxCritical"]
# What the second of two reads adds, and what is now, in another order for each column.
COLUMNS = {"i": [3, 5, 1, 4, 2], "o": [2, 1, 5, 3, 4], "d": [1, 4, 2, 5, 3], "b": [5, 2, 4, 1, 3],
           "e": [4, 3, 5, 2, 1], "w": [2, 3, 1, 5, 4], "r": [4, 1, 3, 2, 5]}
RUNS = """\
Delayed         3      70       40 zeta [alpha]
Critical        0      20      900 beta [gamma]
Critical        1      21      300 beta [gamma]
RxDelayed       2      90       50 delta [gamma]
HyperCritical   1      80      100 alone
Delayed         2      71        5 kappa [alpha]
Delayed         3      72        6 kappa [alpha]
Delayed         1      73        7 kappa [alpha]
"""
OBJECTS = "".join("%s 0000000086ce4fa6 %-16s %s\n" % words for words in (
    ("driver ", "quiet", "live"), ("device ", "alpha", "live"), ("device ", "alpha", "delete pending"),
    ("device ", "gamma", "live")))
DRIVERS = """\
# a legend with=words
class=Delayed driver=alpha waiting=2 running=4
class=Delayed driver=quiet waiting=70 running=0
class=Critical driver=gamma waiting=1 running=2
class=RxDelayed driver=alpha waiting=3 running=0
"""


class Files:
    """A directory as debugfs wq_compat. The times of reading N are of N sampled items."""

    def __init__(self):
        self.path = tempfile.mkdtemp()
        self.put("running", "class         cpu     pid       ms routine\n" + RUNS)
        self.put("objects", "type    object           owner            state\n" + OBJECTS)
        self.put("drivers", DRIVERS)
        self.put("reports", 'count bugcheck report\n2 0xE4/1 item queued while it is queued\n')
        self.advance(0)

    def put(self, name, text):
        # A reader sees one state or the other.
        with open(os.path.join(self.path, "." + name), "w", encoding="utf-8") as f:
            f.write(text)
        os.rename(os.path.join(self.path, "." + name), os.path.join(self.path, name))

    def advance(self, n):
        lines = ["# legend"]
        for i, name in enumerate(CLASSES):
            c = {k: v[i] for k, v in COLUMNS.items()}
            lines += ["class=%s cpu=%d queued=%d started=0 finished=%d taken=0 refused=0 depth=%d idle=%d "
                      "busy=%d runaways=0 wait=%d:%d, run=%d:%d, healed=0" % (
                          name, cpu, 100 + 1000 * n * c["i"] * (1 - cpu), 100 + 1000 * n * c["o"] * (1 - cpu),
                          c["d"] * (1 - cpu), c["e"], c["b"], c["w"] + 9, n, c["r"] + 9, n)
                      for cpu in (0, 1)]
        self.put("queues", "\n".join(lines) + "\n")


def own_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A job in the background ignores it, and a shell cannot trap what it ignores from the start.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """wqc-top in a terminal of its own."""

    def __init__(self, *words, rows=40):
        self.files, self.text, self.words = Files(), "", words
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
        self.modes = termios.tcgetattr(self.slave)
        self.child = subprocess.Popen(
            [TOOL, *words], stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env=dict(os.environ, WQC_DEBUGFS=self.files.path, TERM="vt100"), start_new_session=True,
            preexec_fn=own_terminal)

    def read(self, done, what):
        begun = time.monotonic()
        while not done():
            ready = select.select([self.master], [], [], 0.1)[0]
            if ready:
                self.text += os.read(self.master, 65536).decode()
            elif time.monotonic() - begun > PATIENCE:
                raise AssertionError("%s: no %s; it printed %r" % (self.words, what, self.text[-2000:]))

    def frames(self):
        return self.text.count("\033[J")

    def frame(self, n):
        """The lines of the newest frame, when there are N."""
        self.read(lambda: self.frames() >= n, "frame %d" % n)
        last = self.text[:self.text.rindex("\033[J")]
        return last[last.rindex("\033[H") + 3:].replace("\033[K", "").split("\r\n")

    def press(self, key):
        n = self.frames() + 1
        os.write(self.master, key.encode())
        return self.frame(n)

    def ended(self, how=None):
        """The exit status; the terminal has its modes again."""
        if how:
            how()
        self.read(lambda: self.child.poll() is not None, "end")
        same(termios.tcgetattr(self.slave), self.modes, "modes of the terminal")
        return self.child.returncode


def same(got, wanted, what):
    if got != wanted:
        raise AssertionError("%s: %r, not %r" % (what, got, wanted))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def one_line(got, text, status=1):
    same((got.returncode, got.stdout, got.stderr.count("\n"), text in got.stderr), (status, "", 1, True),
         "%s: %r: status, output, lines, text" % (got.args, got.stderr))


def run(*words, files=None, tool=TOOL):
    return subprocess.run([tool, *words], env=dict(os.environ, WQC_DEBUGFS=files.path if files else "/nowhere"),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
