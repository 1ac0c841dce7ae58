"""What the package promises to a type checker."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PYTHON = PROJECT / "python"


def checked(*command):
    """Run a checker; what it says, if it found anything."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env=os.environ
        | {
            "MYPYPATH": str(PYTHON),
            "PYTHONPATH": str(PYTHON),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_says_that_it_is_typed():
    assert (PYTHON / "dunder/py.typed").read_text() == ""


def test_the_stub_says_what_is_there():
    # Without a stub, stubtest has nothing to say against it.
    assert (PYTHON / "dunder/_dunder.pyi").exists()
    checked(
        "mypy.stubtest",
        "dunder._dunder",
        "--mypy-config-file",
        "tests/typed/stubtest.ini",
    )


def test_the_package_is_typed_strictly():
    checked("mypy", "--strict", "--config-file", "pyproject.toml")
