"""A clone with a small project in `live/`, an environment of its own, and its warm test process."""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import termios
from pathlib import Path

from conftest import ROOT, clean_environment, clone_into

STAGE = ROOT / ".venv/bin/stage"


class Company:
    """A clone with a small project in `live/`, and its warm test process."""

    def __init__(self, folder: Path):
        deep = folder / ("paper company " + "x" * 100)
        deep.mkdir()
        self.root = clone_into(deep / "clone")
        shutil.copytree(
            ROOT / ".venv", self.root / ".venv", symlinks=True
        )
        for old in self.tests.iterdir():
            old.unlink()

    @property
    def live(self) -> Path:
        return self.root / "live"

    @property
    def tests(self) -> Path:
        return self.live / "tests"

    def writes(self, name: str, text: str) -> None:
        (self.tests / name).write_text(text)

    def command(self, *words: str, **variables: str) -> dict:
        environment = clean_environment() | variables
        environment.pop("STAGE_COLD", None)
        environment |= variables
        return {
            "args": [STAGE, "test", *words],
            "cwd": self.live,
            "env": environment,
            "stdin": subprocess.DEVNULL,
        }

    def runs(self, *words: str, **variables: str):
        result = subprocess.run(
            **self.command(*words, **variables),
            capture_output=True,
            text=True,
            check=False,
        )
        return (
            result.returncode,
            timeless(result.stdout),
            timeless(result.stderr),
        )

    def runs_cold(self, *words: str, **variables: str):
        return self.runs(*words, STAGE_COLD="1", **variables)

    def server(self) -> int:
        """The one warm process of this clone."""
        (one,) = self.servers()
        return one

    def servers(self) -> list[int]:
        found = []
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                here = os.readlink(process / "cwd")
                words = (process / "cmdline").read_bytes()
                if (
                    here.startswith(str(self.root / ".stage/warm"))
                    and b"warm test process" in words
                ):
                    found.append(int(process.name))
        return found

    @contextlib.contextmanager
    def changed(self, name: str, text: str):
        """With one file of `live/` other than it was."""
        with self.restored():
            path = self.live / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            yield

    @contextlib.contextmanager
    def restored(self):
        """Afterwards all of `live/` is as it was before, but for what was compiled."""
        before = self.live.with_name("live before")
        but_compiled = shutil.ignore_patterns("target")
        shutil.copytree(
            self.live, before, symlinks=True, ignore=but_compiled
        )
        try:
            yield
        finally:
            shutil.rmtree(self.live)
            before.rename(self.live)

    def stops(self) -> None:
        for server in self.servers():
            os.kill(server, signal.SIGKILL)


def timeless(text: str) -> str:
    text = re.sub(r"\b\d+\.\d+s\b", "TIME", text)
    # Where objects lie, and our own way of saying that all is cold.
    text = re.sub(r"0x[0-9a-f]+", "ADDRESS", text)
    return re.sub(r"STAGE_COLD = 1\n", "", text)


def ends(process: int, seconds: float = 30) -> bool:
    """Wait until a process has ended."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


def parent(process: int) -> int:
    """Whose child a process is."""
    stat = Path(f"/proc/{process}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def waiting(company, tmp_path, more: str = "") -> tuple[Path, Path]:
    """A test that tells by a pipe that it runs, and waits for a word from another."""
    here, go = tmp_path / "here", tmp_path / "go"
    os.mkfifo(here)
    os.mkfifo(go)
    company.writes(
        "test_waits.py",
        "import os, subprocess\n\ndef test_waits():\n"
        f"    {more or 'pass'}\n"
        f"    out = os.open({str(here)!r}, os.O_WRONLY)\n"
        "    os.set_inheritable(out, True)\n"
        "    os.write(out, b'%d\\n' % os.getpid())\n"
        f"    assert open({str(go)!r}).read() == 'go'\n",
    )
    return here, go


def on_a_terminal(command, columns: int = 0) -> str:
    """What a command says whose stdout and stderr are a terminal."""
    command["env"]["TERM"] = "xterm-256color"
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    process = subprocess.Popen(
        **command, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # how a terminal's end is told
        while piece := os.read(ours, 4096):
            said += piece
    os.close(ours)
    process.wait()
    return said.decode()
