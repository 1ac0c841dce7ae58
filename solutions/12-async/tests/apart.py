"""Runs programs of `tests/together` in processes of their own: one may hang."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SECONDS = 10


def started(program: str) -> subprocess.Popen:
    """A program on its way. After `SECONDS` it ends, and says where it is."""
    return subprocess.Popen(
        [sys.executable, HERE / "together" / program, str(SECONDS)],
        env=os.environ | {"PYTHONPATH": str(HERE.parent / "python")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_by(process: subprocess.Popen) -> list[str]:
    """What it printed, in lines. The test fails if it hung or failed."""
    printed, error = process.communicate(timeout=6 * SECONDS)
    if process.returncode:
        hung = error.startswith("Timeout")
        what = "it hung" if hung else "it failed"
        pytest.fail(f"{what}:\n{error}", pytrace=False)
    return printed.splitlines()
