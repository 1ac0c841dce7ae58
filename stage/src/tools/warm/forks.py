"""The loop that forks a process for each test run, and attends those that somebody waits for."""

import contextlib
import functools
import os
import selectors
import signal
import time
import warnings

GRACE = 1  # second that an abandoned run has for its last words


class Forked(BaseException):
    """Leads a child out of the loop that it was forked in: it is to run pytest."""


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


class Forks:
    """Answers whoever comes to a socket, its door."""

    def __init__(self, door):
        self.door = door
        self.runs = []
        self.active = time.monotonic()
        self.selector = selectors.DefaultSelector()
        self.attend(door, self.answer)

    def attend(self, file, do):
        self.selector.register(file, selectors.EVENT_READ, do)

    def serve(self):
        """Go on until nobody can come and nobody waits; raises `Forked` in each child."""
        while self.door or self.runs:
            for key, _ in self.selector.select(self.patience()):
                self.active = time.monotonic()
                key.data()
                # The rest is asked for anew: this may have closed it.
                break
            for run in self.runs:
                if run.until and time.monotonic() > run.until:
                    run.send(signal.SIGKILL)
            self.look_around()

    def patience(self):
        ending = any(run.until for run in self.runs)
        return GRACE / 4 if ending else None

    def look_around(self):
        """Close the door if nobody shall come any more."""

    def answer(self):
        """Take in who is at the door, and `start` a run for it."""
        raise NotImplementedError

    def start(self, connection, begin):
        """Fork. The child begins when its client knows that it is there."""
        gate, opener = os.pipe()
        pid = fork()
        if pid == 0:
            os.setsid()
            os.close(opener)
            if os.read(gate, 1) != b"!":
                os._exit(1)
            os.close(gate)
            connection.close()
            self.forget()
            go_on(begin)
        try:
            run = Run(pid, connection)
            self.runs.append(run)
            self.attend(run.ended, functools.partial(self.end, run))
            # A client says nothing more: if there is something to read, it is gone.
            self.attend(
                connection, functools.partial(self.abandon, run)
            )
            with contextlib.suppress(OSError):
                connection.sendall(b"taken %d\n" % pid)
                os.write(opener, b"!")
        finally:
            os.close(gate)
            os.close(opener)

    def end(self, run):
        self.selector.unregister(run.ended)
        if run.connection is not None:
            self.selector.unregister(run.connection)
        self.runs.remove(run)
        run.finish()

    def abandon(self, run):
        self.selector.unregister(run.connection)
        run.abandon()

    def close(self):
        """Let nobody in any more; runs that somebody waits for go on."""
        self.selector.unregister(self.door)
        self.door.close()
        self.door = None

    def forget(self):
        """In a child: nothing of ours stays open."""
        self.selector.close()
        if self.door:
            self.door.close()
        for run in self.runs:
            os.close(run.ended)
            if run.connection is not None:
                run.connection.close()


def go_on(begin):
    """In a child: begin, and never serve anybody; what cannot begin is no red test."""
    with contextlib.suppress(Exception):
        begin()
        raise Forked
    os._exit(os.EX_OSERR)


def fork():
    with warnings.catch_warnings():
        # NumPy's threads are stopped before a fork, and start again when needed.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
