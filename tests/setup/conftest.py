"""Clones to set up, and machines on which something is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VENV = ROOT / ".venv/bin"
FINISHED = ROOT / "solutions/14-ship"
# Where cargo finds this clone's settings, and what it compiled last time.
SHIP = ROOT / ".stage/ship"

# What setup.sh, cargo and git themselves start; the tools under test are added by name.
COMMON = """awk basename bash cat chmod cmp cp cut date dirname env expr grep head id ln ls mkdir mktemp mv od
readlink realpath rm rmdir sed sh sleep sort tail tee touch tr uname uniq wc xargs""".split()


class Machine:
    """A PATH and a home of our own: a tool that is not put there is truly missing."""

    TOOLS = frozenset({"git", "cc", "rust", "python"})

    def __init__(self, folder: Path):
        self.bin = folder / "bin"
        self.home = folder / "home"
        self.bin.mkdir()
        self.home.mkdir()
        self.variables = clean_environment() | {
            "PATH": str(self.bin),
            "HOME": str(self.home),
            "CARGO_HOME": str(folder / "cargo"),
            "STAGE_NO_INSTALL": "1",
            # No clone of a test is watched over for half an hour.
            "STAGE_COLD": "1",
        }
        self.add(*COMMON)

    def add(self, *names: str) -> None:
        for name in names:
            if found := shutil.which(name):
                (self.bin / name).symlink_to(found)

    def install(self, *tools: str) -> "Machine":
        """Put real tools on this machine."""
        for tool in tools:
            if tool == "cc":
                self.add("cc", "ld", "as", "ar")
            elif tool == "rust":
                self.add("cargo", "rustc", "rustdoc")
                self.variables.setdefault(
                    "RUSTUP_HOME", str(Path.home() / ".rustup")
                )
            elif tool == "python":
                self.name_python(sys._base_executable)
            else:
                self.add(tool)
        return self

    def install_all_but(self, *tools: str) -> "Machine":
        return self.install(*(self.TOOLS - set(tools)))

    def name_python(self, executable: str) -> None:
        (self.bin / "python3").symlink_to(executable)

    def script(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def share_caches(self) -> "Machine":
        """Use the real caches of cargo and uv: what they hold need not be fetched again."""
        self.share_cache_of_uv()
        self.variables["CARGO_HOME"] = str(real_cargo_home())
        return self

    def fill_a_cache_of_cargo(self) -> "Machine":
        """Let cargo begin with nothing but its settings: what older programs fetched must not be there by chance."""
        home = Path(self.variables["CARGO_HOME"])
        home.mkdir()
        for name in ("config.toml", "credentials.toml"):
            if (real_cargo_home() / name).exists():
                shutil.copy(real_cargo_home() / name, home)
        return self

    def share_cache_of_uv(self) -> "Machine":
        config = os.environ.get(
            "XDG_CONFIG_HOME", str(Path.home() / ".config")
        )
        cache = os.environ.get(
            "XDG_CACHE_HOME", str(Path.home() / ".cache")
        )
        self.variables["XDG_CONFIG_HOME"] = config
        self.variables.setdefault(
            "UV_CACHE_DIR", str(Path(cache) / "uv")
        )
        return self

    def run(
        self,
        *command: str | Path,
        cwd: Path,
        offline: bool = False,
        **variables: str,
    ):
        """Run a command on this machine, and wait for it."""
        return subprocess.run(
            [*(UNPLUGGED if offline else []), *map(str, command)],
            cwd=cwd,
            env=self.variables
            | (NO_RETRIES if offline else {})
            | variables,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )


def real_cargo_home() -> Path:
    return Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))


NO_RETRIES = {
    "PIP_RETRIES": "1",
    "UV_HTTP_RETRIES": "0",
    "CARGO_NET_RETRY": "0",
}


def clean_environment() -> dict[str, str]:
    """This process's variables without those that belong to another environment or to git."""
    foreign = (
        "GIT_",
        "RUSTUP_TOOLCHAIN",
        "PYO3_",
        "VIRTUAL_ENV",
        "CONDA",
        "STAGE_",
        # Set-up, which runs these tests, lets cargo reach the network.
        "CARGO_NET_",
    )
    return {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(foreign)
    }


# An unplugged machine still talks to itself: its loopback device is up, and nothing else is there.
ONLY_LOOPBACK = """
import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
    fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])
"""


def find_unplugged() -> list[str] | None:
    """The prefix that runs a command in a network namespace of its own, where that is allowed."""
    inside = [sys._base_executable, "-ISc", ONLY_LOOPBACK]
    for words in (
        ["unshare", "--net"],
        ["unshare", "--map-root-user", "--net"],
    ):
        if (path := shutil.which(words[0])) and not subprocess.run(
            [*words, *inside, "true"],
            capture_output=True,
            check=False,
        ).returncode:
            return [path, *words[1:], *inside]
    return None


UNPLUGGED = find_unplugged()
if UNPLUGGED is None:  # a proxy that nobody listens at
    UNPLUGGED = []
    closed = "http://127.0.0.1:9"
    NO_RETRIES |= dict.fromkeys(
        [
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "http_proxy",
            "https_proxy",
        ],
        closed,
    )


def git(folder: Path, *words: str) -> str:
    """What git prints."""
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def clone_into(folder: Path) -> Path:
    """HEAD as committed, without any tags."""
    git(ROOT, "clone", "--quiet", "--no-tags", str(ROOT), str(folder))
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return clone_into(tmp_path / "rust under python")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def assert_says():
    """Every error is three parts, in this order: what, where, how to mend it."""

    def check(result, *, what: str, where: str, mend: str) -> None:
        assert result.returncode == 1, result.stdout + result.stderr
        said = result.stderr
        assert said.startswith("error: "), said
        first, _, rest = said.partition("\n where: ")
        second, _, third = rest.partition("\n  mend: ")
        assert what in first and "\n" not in first, said
        assert where in second, said
        assert mend in third and third.count("\n") == 1, said

    return check


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from company import Company

    company = Company(tmp_path_factory.mktemp("warm"))
    yield company
    company.stops()


@pytest.fixture
def company(folder):
    """Nothing but what the test writes is tested."""
    yield folder
    for old in folder.tests.iterdir():
        if old.is_file():
            old.unlink()
    shutil.rmtree(folder.tests / "__pycache__", ignore_errors=True)
    shutil.rmtree(folder.live / ".pytest_cache", ignore_errors=True)


def run(
    *command: str | Path, cwd: Path, stdin: str = "", **variables: str
):
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean_environment()
        | {"PIP_NO_INPUT": "1", "PIP_CONFIG_FILE": os.devnull}
        | variables,
        capture_output=True,
        text=True,
        check=False,
        input=stdin,
    )


def output(
    *command: str | Path, cwd: Path, stdin: str = "", **variables: str
) -> str:
    done = run(*command, cwd=cwd, stdin=stdin, **variables)
    assert done.returncode == 0, (
        f"{command}: {done.stdout}{done.stderr}"
    )
    return done.stdout


@pytest.fixture(scope="session")
def project() -> Path:
    """The finished solution, where nobody works on it."""
    folder = SHIP / "project"
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns(
        "target", "*.so", "*.pyd", "__pycache__"
    )
    shutil.copytree(FINISHED, folder, ignore=ignored)
    return folder


@pytest.fixture(scope="session")
def wheel(project: Path) -> Path:
    dist = project / "dist"
    output(
        VENV / "maturin",
        *("build", "--locked", "--offline", "--quiet"),
        *("--interpreter", VENV / "python", "--out", dist),
        *("--target-dir", SHIP / "target"),
        cwd=project,
    )
    (built,) = dist.iterdir()
    return built
