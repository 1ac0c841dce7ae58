"""The server: it has imported pytest, and listens at a socket in its own folder.

A request brings an identity, words for pytest, variables, and four open files: the folder to
test in, and stdin, stdout and stderr of whoever asks. The answers are `taken PID`, then `exit STATUS` (minus a signal's
number); `other` says that another server must be started, `alone` that Python must.
"""

import contextlib
import fcntl
import functools
import gc
import importlib
import os
import signal
import socket
import stat
import sys
import time

from disguise import become
from forks import Forked, Forks, fork, go_on
from found import found
from ready import get_ready, same

IDLE = 30 * 60
LOOK = 5  # seconds between two looks around, when nothing happens
READY = 5  # seconds that pytest may take to get ready
KEPT = 4  # kinds of requests that a process is kept ready for


def is_forked():
    """Serve until nobody comes any more; true in each child that is to run pytest."""
    try:
        main()
    except Forked:
        return True
    return False


def main():
    identity, *modules = sys.argv[1:]
    if os.fork():
        os._exit(0)
    os.setsid()
    ready = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    # A file that our starter left open would stay open, and locked, as long as we live.
    os.closerange(3, ready)
    os.closerange(ready + 1, os.sysconf("SC_OPEN_MAX"))
    mine = os.stat(".")
    if mine.st_uid != os.geteuid() or mine.st_mode & 0o077:
        os._exit(1)
    warm_up(modules)
    server = Server(os.fsencode(identity))
    os.write(ready, b"ready")
    os.close(ready)
    server.serve()


def warm_up(modules):
    for module in modules:
        importlib.import_module(module)
    with contextlib.suppress(ImportError):
        from _pytest.config import default_plugins

        for plugin in default_plugins:
            importlib.import_module(f"_pytest.{plugin}")
    # What is there now need not be looked through in each child.
    gc.collect()
    gc.freeze()


class Server(Forks):
    def __init__(self, identity):
        self.identity = identity
        self.known = frozenset(sys.modules)
        self.lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
        # Whoever has the lock is the one server; it is free as soon as that one ends.
        fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(self.lock, 0)
        os.write(self.lock, b"%d\n" % os.getpid())
        with contextlib.suppress(FileNotFoundError):
            os.unlink("socket")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("socket")
        listener.listen(16)
        super().__init__(listener)
        self.place = self.socket_on_disk()
        self.deputies = []
        self.ready = {}
        self.refused = set()

    @staticmethod
    def socket_on_disk():
        """What stands at our address; nothing if the folder is gone."""
        try:
            found = os.stat(os.path.join(os.getcwd(), "socket"))
        except OSError:
            return None
        return found.st_dev, found.st_ino, os.getcwd()

    def patience(self):
        return super().patience() or LOOK

    def look_around(self):
        is_idle = (
            not self.runs and time.monotonic() > self.active + IDLE
        )
        if self.door and (
            is_idle or self.socket_on_disk() != self.place
        ):
            self.retire()

    def answer(self):
        connection, _ = self.door.accept()
        connection.settimeout(5)
        files = []
        try:
            identity, words, variables = receive(connection, files)
            if identity != self.identity:
                self.retire()
                connection.sendall(b"other\n")
            elif self.is_shadowed(files[0]):
                connection.sendall(b"alone\n")
            elif not self.pass_on(
                connection, files, words, variables
            ):
                begin = functools.partial(
                    become, files, words, variables
                )
                self.start(connection, begin)
                return
        except (OSError, ValueError):
            pass
        finally:
            for file in files:
                os.close(file)
        connection.close()

    def is_shadowed(self, folder):
        """Whether Python, started there, would find another module than one that is imported here."""
        for entry in os.listdir(folder):
            package = f"{entry}/__init__.py"
            if entry.partition(".")[0] in self.known and (
                entry.endswith((".py", ".so"))
                or os.access(package, os.F_OK, dir_fd=folder)
            ):
                return True
        return False

    def pass_on(self, connection, files, words, variables):
        """Leave a request to a process that is ready for it; false if there can be none."""
        kinds = [kind(file) for file in files[1:]]
        place = os.readlink(f"/proc/self/fd/{files[0]}")
        state = found(files[0], words)
        if kinds[0] != "nothing" or state is None:
            return False
        key = place, *kinds, state[0], *words, b"", *variables
        if hash(key) in self.refused:
            return False
        deputy = self.ready.pop(key, None)
        if not deputy or not deputy.takes(connection, files):
            deputy, answer = self.prepare(
                connection, files, kinds[1:], state, words, variables
            )
            if answer != b"ready" or not deputy.takes(
                connection, files
            ):
                # What was touched in that moment may rest the next time.
                if answer != b"touched":
                    self.refused.add(hash(key))
                return False
        self.ready[key] = deputy
        if len(self.ready) > KEPT:
            self.ready.pop(next(iter(self.ready))).pipe.close()
        return True

    def prepare(
        self, connection, files, kinds, state, words, variables
    ):
        """Fork a process that gets ready for such requests; what it says is `ready` if it is."""
        ours, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET
        )
        pid = fork()
        if pid == 0:
            ours.close()
            connection.close()
            self.forget()
            go_on(
                lambda: get_ready(
                    theirs,
                    files,
                    kinds,
                    state,
                    words,
                    variables,
                    self.known,
                )
            )
        theirs.close()
        deputy = Deputy(pid, ours)
        self.deputies.append(deputy)
        self.attend(
            deputy.ended, functools.partial(self.lose, deputy)
        )
        answer = deputy.says()
        if answer != b"ready":
            os.kill(pid, signal.SIGKILL)
        return deputy, answer

    def lose(self, deputy):
        """One has ended."""
        self.selector.unregister(deputy.ended)
        os.waitpid(deputy.pid, 0)
        deputy.forget()
        self.deputies.remove(deputy)
        self.ready = {
            key: other
            for key, other in self.ready.items()
            if other is not deputy
        }

    def retire(self):
        """Make room for another server."""
        if self.socket_on_disk() == self.place:
            with contextlib.suppress(OSError):
                os.unlink("socket")
        self.close()
        os.close(self.lock)
        for deputy in self.deputies:
            deputy.pipe.close()

    def forget(self):
        if self.door:
            os.close(self.lock)
        super().forget()
        for deputy in self.deputies:
            deputy.forget()


class Deputy:
    """A process that is ready for requests (`Ready`), as the server sees it."""

    def __init__(self, pid, pipe):
        self.pid = pid
        self.pipe = pipe
        self.pipe.settimeout(READY)
        self.ended = os.pidfd_open(pid)

    def says(self):
        try:
            return self.pipe.recv(16)
        except OSError:
            return b""

    def takes(self, connection, files):
        files = [*files, connection.fileno()]
        try:
            socket.send_fds(self.pipe, [b"run"], files)
        except OSError:
            return False
        return True

    def forget(self):
        self.pipe.close()
        os.close(self.ended)


def kind(file):
    """What Python and pytest ask about an open file when they start."""
    found = os.fstat(file)
    if os.isatty(file):
        return os.get_terminal_size(file)
    if same(found) == same(os.stat(os.devnull)):
        return "nothing"
    return "file" if stat.S_ISREG(found.st_mode) else "pipe"


def receive(connection, files):
    """A request: its length in four bytes, then its fields between zero bytes, the words counted."""
    data, received, _, _ = socket.recv_fds(connection, 1 << 16, 4)
    files.extend(received)
    while len(data) < 4 or len(data) < 4 + int.from_bytes(
        data[:4], "little"
    ):
        piece = connection.recv(1 << 16)
        if not piece:
            raise ValueError("the request is cut off")
        data += piece
    if len(files) != 4:
        raise ValueError("a request has four files")
    identity, count, *rest = data[4:].split(b"\0")
    count = int(count)
    return identity, rest[:count], rest[count:]
