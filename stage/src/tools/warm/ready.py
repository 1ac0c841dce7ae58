"""pytest as far as it comes without looking for tests: a test run is a fork of that.

To come so far takes it a third of a short run. What it reads for it is compared by the
server (`found.py`); this refuses whatever else could be otherwise in the next run. Then
that is a fork of the server, and starts pytest itself.
"""

import contextlib
import fcntl
import functools
import gc
import importlib
import os
import select
import socket
import stat
import sys
import tempfile

from disguise import become, throw_dice
from forks import Forked, Forks
from found import found, is_left_out

# Our files are numbered from here, so that pytest's have the numbers that they always have.
ASIDE = 64

# Words for pytest that mean the same each time, where it finds the same.
OPTIONS = {
    "-q",
    "-v",
    "-vv",
    "-x",
    "-k",
    "--continue-on-collection-errors",
}
BEGINNINGS = ("--tb=", "--color=", "--ignore=", "--maxfail=", "-r")

# What a `pyproject.toml` may say to it, for the same reason.
SETTINGS = {
    "addopts",
    "filterwarnings",
    "markers",
    "minversion",
    "pythonpath",
    "testpaths",
    "xfail_strict",
}


def get_ready(pipe, files, kinds, state, words, variables, known):
    """Have pytest, when it runs, stop for requests from `pipe`.

    `kinds` are those of a client's stdout and stderr, `state` is what was found before, and
    `known` are the modules that were imported.
    """
    import pytest
    from _pytest import config

    pipe = socket.socket(fileno=aside(pipe.detach()))
    for file in files[2:]:
        os.close(file)
    stand_ins = [
        StandIn(kind, number) for number, kind in enumerate(kinds, 1)
    ]
    files[2:] = os.dup(1), os.dup(2)
    place = aside(os.dup(files[0]))
    become(files, words, variables)
    # The last but pytest's reporter, which notes there when the session began.
    Ready.pytest_sessionstart = pytest.hookimpl(trylast=True)(
        Ready.pytest_sessionstart
    )
    plugin = Ready(pipe, place, state, stand_ins, known, config._main)
    # `python -m pytest` can be given no plugin.
    config._main = functools.partial(config._main, plugins=[plugin])


class Ready(Forks):
    """A plugin of pytest's in which pytest stops for requests, and goes on in each fork."""

    def __init__(self, pipe, place, state, stand_ins, known, main):
        self.pipe = pipe
        self.place = place
        self.state = state
        self.stand_ins = stand_ins
        self.known = known
        self.main = main
        self.config = None
        self.copies = []
        self.scratch = []

    def pytest_load_initial_conftests(self, args):
        """Look through all words before pytest heeds them, those that its settings add among them."""
        from _pytest import config

        config._main = self.main
        words = iter(args)
        for word in words:
            if word == "-p":
                is_plain = next(words, "").startswith("no:")
            elif word.startswith("-"):
                is_plain = word in OPTIONS or word.startswith(
                    BEGINNINGS
                )
            else:
                # Where those lead that a client names was seen to.
                is_plain = word in sys.argv
            if not is_plain:
                os._exit(1)

    def pytest_sessionstart(self, session):
        self.config = session.config
        try:
            with contextlib.suppress(Exception):
                if self.is_plain() and self.knows_open_files():
                    gc.collect()
                    super().__init__(self.pipe)
                    # Now that pytest has read it, and not earlier.
                    if self.is_touched():
                        self.pipe.send(b"touched")
                    else:
                        self.pipe.send(b"ready")
                        self.serve()
        except Forked:
            return
        os._exit(1)

    def is_touched(self):
        """Whether what pytest has read may not be what was found before."""
        words = [os.fsencode(word) for word in sys.argv[1:]]
        return found(self.place, words) != self.state

    def is_plain(self):
        """Whether pytest has read nothing so far but what is compared."""
        import tomllib

        import pytest

        path = os.path.join(os.getcwd(), "pyproject.toml")
        if os.fspath(self.config.inipath or "") != path:
            return False
        with open(path, "rb") as file:
            said = tomllib.load(file)["tool"]["pytest"]
        homes = os.__file__, os.path.dirname(pytest.__file__)
        homes = tuple(
            os.path.dirname(home) + os.sep for home in homes
        )
        files = [
            getattr(module, "__file__", None)
            for name, module in sys.modules.items()
            if name not in self.known
        ]
        return (
            said.keys() == {"ini_options"}
            and SETTINGS.issuperset(said["ini_options"])
            # Names of folders are compared, not what a pattern could find.
            and all(
                name.isidentifier() and not is_left_out(name)
                for name in self.config.getini("testpaths")
            )
            and not self.config.pluginmanager.list_plugin_distinfo()
            and all(file.startswith(homes) for file in files if file)
        )

    def knows_open_files(self):
        """Whether a run can have its own of each file that is open, and nothing was written yet."""
        nothing = same(os.stat(os.devnull))
        stand_ins = [
            same(os.fstat(one.number)) for one in self.stand_ins
        ]
        for number in map(int, os.listdir("/proc/self/fd")):
            try:
                found = os.fstat(number)
            except OSError:
                continue  # that folder itself
            is_file = stat.S_ISREG(found.st_mode)
            if number >= ASIDE:
                continue
            if same(found) in stand_ins:
                which = 2 + stand_ins.index(same(found))
                self.copies.append((number, which))
            elif is_file and not found.st_nlink and not found.st_size:
                self.scratch.append(number)
            elif same(found) != nothing:
                return False
        return not any(one.has_text() for one in self.stand_ins)

    def answer(self):
        message, files, _, _ = socket.recv_fds(self.door, 16, 5)
        if not message:
            self.close()
            return
        connection = socket.socket(fileno=files.pop())
        self.start(connection, functools.partial(self.begin, files))
        for file in files:
            os.close(file)

    def begin(self, files):
        """Be a process that has come so far by itself; where that cannot be, start one."""
        os.fchdir(files[0])
        for number, which in self.copies:
            os.dup2(files[which], number, inheritable=number < 3)
        for file in files:
            os.close(file)
        # There may be another folder for it by now.
        tempfile.tempdir = None
        try:
            for number in self.scratch:
                with tempfile.TemporaryFile(buffering=0) as file:
                    os.dup2(file.fileno(), number, inheritable=False)
        except OSError:
            os.execv(sys.orig_argv[0], sys.orig_argv)
        self.config.pluginmanager.unregister(self)
        # What could not be imported then may be there now.
        importlib.invalidate_caches()
        throw_dice()

    def forget(self):
        super().forget()
        os.close(self.place)
        for one in self.stand_ins:
            one.forget()


class StandIn:
    """A file of the same kind as a client's, open as `number` while there is no client."""

    def __init__(self, kind, number):
        self.number = number
        self.reader = None
        if kind == "pipe":
            self.reader, file = os.pipe()
        elif kind in ("file", "nothing"):
            file = os.memfd_create("stand-in")
        else:
            self.reader, file = os.openpty()
            set_size(file, kind)
        if self.reader is not None:
            self.reader = aside(self.reader)
        os.dup2(file, number)
        os.close(file)

    def has_text(self):
        """Whether something was written to it."""
        if self.reader is None:
            return os.fstat(self.number).st_size > 0
        return bool(select.select([self.reader], [], [], 0)[0])

    def forget(self):
        if self.reader is not None:
            os.close(self.reader)


def set_size(terminal, size):
    had = "termios" in sys.modules
    import termios

    termios.tcsetwinsize(terminal, (size.lines, size.columns))
    # A project may have one of its own.
    if not had:
        del sys.modules["termios"]


def aside(file):
    """The same open file, with a number that is out of pytest's way."""
    try:
        return fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, ASIDE)
    finally:
        os.close(file)


def same(found):
    """Equal for two open files if they are one."""
    return found.st_dev, found.st_ino
