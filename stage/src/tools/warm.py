"""The warm test process: it has imported pytest, and each test run is a fork of it.

`stage test` starts it (`warm.rs`), in its own folder, as `python -c TEXT IDENTITY MODULE…`. It knows
nothing of the project. A request brings words for pytest, variables and four open files: the
folder to test in, and stdin, stdout and stderr of whoever asks. The answers are `taken PID`, then
`exit STATUS` (minus a signal's number); `other` says that somebody else must be started.
"""

import sys

# What `-c` puts there. Nothing beside the socket is ever imported.
sys.path[:1] = []

import contextlib
import fcntl
import gc
import importlib
import io
import os
import runpy
import selectors
import signal
import socket
import time
import types
import warnings

IDLE = 30 * 60
LOOK = 5  # seconds between two looks whether the socket is still ours
GRACE = 1  # second that an abandoned run has for its last words


class Run:
    """A test run that somebody waits for."""

    def __init__(self, pid, connection):
        self.pid = pid
        self.connection = connection
        self.ended = os.pidfd_open(pid)
        self.until = None

    def abandon(self):
        """Interrupt it, as Ctrl-C would; in a moment it is killed."""
        self.connection.close()
        self.connection = None
        self.until = time.monotonic() + GRACE
        self.send(signal.SIGINT)

    def send(self, number):
        """To all that it started, or to it alone while it has no group yet."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def finish(self):
        """Tell how it ended; of an abandoned run nothing is left behind."""
        if self.connection is None:
            self.send(signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.ended)
        if self.connection is not None:
            code = os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError):
                self.connection.sendall(b"exit %d\n" % code)
            self.connection.close()


class Server:
    def __init__(self, identity):
        self.identity = identity
        self.lock = os.open("lock", os.O_RDWR | os.O_CREAT, 0o600)
        # Whoever has the lock is the one server; it is free as soon as that one ends.
        fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(self.lock, 0)
        os.write(self.lock, b"%d\n" % os.getpid())
        with contextlib.suppress(FileNotFoundError):
            os.unlink("socket")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind("socket")
        self.listener.listen(16)
        self.place = self.socket_on_disk()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.runs = []

    @staticmethod
    def socket_on_disk():
        """What stands at our address; nothing if the folder is gone."""
        try:
            found = os.stat(os.path.join(os.getcwd(), "socket"))
        except OSError:
            return None
        return found.st_dev, found.st_ino, os.getcwd()

    def serve(self):
        """Answer requests; returns in each child, which is to run the words that it returns."""
        active = time.monotonic()
        while self.listener or self.runs:
            for key, _ in self.selector.select(self.patience()):
                active = time.monotonic()
                if key.fileobj is self.listener:
                    words = self.answer()
                    if words is not None:
                        return words
                    # The rest is asked for anew: this may have closed it.
                    break
                self.attend(key.data, key.fileobj)
                break
            for run in self.runs:
                if run.until and time.monotonic() > run.until:
                    run.send(signal.SIGKILL)
            is_idle = (
                not self.runs and time.monotonic() > active + IDLE
            )
            if self.listener and (
                is_idle or self.socket_on_disk() != self.place
            ):
                self.retire()
        return None

    def patience(self):
        ending = any(run.until for run in self.runs)
        return GRACE / 4 if ending else LOOK

    def answer(self):
        connection, _ = self.listener.accept()
        connection.settimeout(5)
        files = []
        try:
            fields = receive(connection, files)
            if fields[0] != self.identity:
                self.retire()
                connection.sendall(b"other\n")
            else:
                return self.start(connection, files, fields)
        except (OSError, ValueError, IndexError):
            pass
        finally:
            for file in files:
                os.close(file)
        connection.close()
        return None

    def start(self, connection, files, fields):
        """Fork. The child goes on when its client knows that it is there."""
        gate, opener = os.pipe()
        with warnings.catch_warnings():
            # NumPy's threads are stopped before a fork, and start again when needed.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            os.setsid()
            os.close(opener)
            if os.read(gate, 1) != b"!":
                os._exit(1)
            os.close(gate)
            connection.close()
            self.forget()
            return become(files, fields)
        try:
            run = Run(pid, connection)
            self.runs.append(run)
            self.selector.register(
                run.ended, selectors.EVENT_READ, run
            )
            self.selector.register(
                connection, selectors.EVENT_READ, run
            )
            # A client that is gone shows at the connection's end.
            with contextlib.suppress(OSError):
                connection.sendall(b"taken %d\n" % pid)
                os.write(opener, b"!")
        finally:
            os.close(gate)
            os.close(opener)
        return None

    def attend(self, run, file):
        if file == run.ended:
            self.selector.unregister(run.ended)
            if run.connection is not None:
                self.selector.unregister(run.connection)
            self.runs.remove(run)
            run.finish()
        else:
            # A client says nothing more: it is gone.
            self.selector.unregister(run.connection)
            run.abandon()

    def retire(self):
        """Make room for another server; runs that somebody waits for go on."""
        if self.socket_on_disk() == self.place:
            with contextlib.suppress(OSError):
                os.unlink("socket")
        self.selector.unregister(self.listener)
        self.listener.close()
        self.listener = None
        os.close(self.lock)
        self.lock = None

    def forget(self):
        """In a child: nothing of the server stays open."""
        self.selector.close()
        if self.listener:
            self.listener.close()
            os.close(self.lock)
        for run in self.runs:
            os.close(run.ended)
            if run.connection is not None:
                run.connection.close()


def receive(connection, files):
    """A request: its length in four bytes, then words and variables between zero bytes."""
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
    return data[4:].split(b"\0")


def become(files, fields):
    """Be the process that `python -m pytest` would be, as far as anything can tell."""
    count = int(fields[1])
    words, variables = fields[2 : 2 + count], fields[2 + count :]
    os.fchdir(files[0])
    for number in range(3):
        os.dup2(files[number + 1], number)
    for file in files:
        os.close(file)
    files.clear()
    # Python itself sets it where no locale is named (PEP 538); who asks names the same as we had.
    coerced = os.environb.get(b"LC_CTYPE")
    os.environ.clear()
    os.environb.update(pair.split(b"=", 1) for pair in variables)
    if coerced is not None:
        os.environb[b"LC_CTYPE"] = coerced
    time.tzset()
    open_streams()
    words = [os.fsdecode(word) for word in words]
    sys.argv = ["-m", *words]
    sys.orig_argv = [sys.orig_argv[0], "-m", "pytest", *words]
    sys.path.insert(0, os.getcwd())
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()
    return words


def open_streams():
    """stdin, stdout and stderr as Python opens them when it starts."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        mode = "w" if number else "r"
        buffer = open(number, mode + "b", closefd=False)  # noqa: SIM115
        buffer.raw.name = f"<{name}>"
        stream = io.TextIOWrapper(
            buffer,
            encoding=old.encoding,
            errors=old.errors,
            newline="\n",
            line_buffering=number == 2 or os.isatty(number),
        )
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


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
    return server.serve()


if main() is not None:
    of_the_server = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    # What `python -m` itself calls.
    runpy._run_module_as_main("pytest")
