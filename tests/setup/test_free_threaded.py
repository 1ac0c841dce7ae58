"""Section 11 without the GIL: what its tests say on a free-threaded Python.

No package index carries such a Python, so few machines have one. Where none
is found this test passes, and warns that nothing was tried: the section's own
tests must say the same in every clone, and stay out of this.
"""

import os
import shutil
import subprocess
import sysconfig
import warnings
from pathlib import Path

from conftest import ROOT

SOLUTION = ROOT / "solutions/11-threads"
NAMES = ("python3.14t", "python3.15t")
IS_FREE = "import sysconfig as s; print(s.get_config_var('Py_GIL_DISABLED'))"
HAS_GIL = "import sys, dunder; print(sys._is_gil_enabled())"


def find_free_threaded() -> list[str]:
    """The one that STAGE_FREE_THREADED names, or all with a known name."""

    def runs(python: str) -> bool:
        # A version manager's stand-in is there, and runs nothing.
        command = [python, "-c", ""]
        return subprocess.run(command, check=False).returncode == 0

    if named := os.environ.get("STAGE_FREE_THREADED"):
        return [named]
    found = [shutil.which(name) for name in NAMES]
    return [python for python in found if python and runs(python)]


def output(command: list[str], folder: Path, **variables: str) -> str:
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, (
        f"{command}: {done.stdout}{done.stderr}"
    )
    return done.stdout


def build(python: str, folder: Path) -> None:
    """Lay the solution out in `folder`, with its library for this Python."""
    # Outside the clone: its .cargo/config.toml would name another Python.
    shutil.copytree(
        SOLUTION,
        folder,
        ignore=shutil.ignore_patterns(
            "target", "*.so", "__pycache__"
        ),
    )
    output(
        ["cargo", "build", "--locked", "--offline"],
        folder,
        PYO3_PYTHON=python,
        PYO3_BUILD_EXTENSION_MODULE="1",
        CARGO_TARGET_DIR=str(folder / "target"),
    )
    library = next((folder / "target/debug").glob("lib_dunder.[sd]*"))
    shutil.copy(library, folder / "python/dunder/_dunder.so")


def test_section_11_is_green_without_the_gil(tmp_path):
    pythons = find_free_threaded()
    if not pythons:
        warnings.warn(
            "nothing was tried without the GIL: there is neither "
            f"{' nor '.join(NAMES)}, and STAGE_FREE_THREADED names none",
            stacklevel=1,
        )
    pytest_is_here = sysconfig.get_path("purelib")
    for number, python in enumerate(pythons):
        is_free = output([python, "-c", IS_FREE], tmp_path).strip()
        assert is_free == "1", f"{python} is not free-threaded"
        folder = tmp_path / str(number)
        build(python, folder)
        path = os.pathsep.join(
            [str(folder / "python"), pytest_is_here]
        )
        said = output(
            [python, "-c", HAS_GIL], folder, PYTHONPATH=path
        )
        assert said.strip() == "False", f"{python} turned the GIL on"
        output(
            [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            folder,
            PYTHONPATH=path,
        )
