import doctest
import subprocess
import sys
from pathlib import Path

import dunder.names
import dunder.rows
import dunder.sample


def test_the_examples_in_the_docstrings_are_true():
    for module in (dunder.names, dunder.rows, dunder.sample):
        assert doctest.testmod(module).failed == 0


def test_the_program_prints_revenue_and_suspects():
    run = subprocess.run(
        [sys.executable, "-m", "dunder", "--customers", "20"],
        cwd=Path(dunder.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Scranton" in run.stdout
    assert "pairs of 20 customers look like one." in run.stdout
