"""Who gets through: the referee starts the trials, and reads them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import dunder


class Outcome(NamedTuple):
    """What came of an attack: `by` says what stopped it."""

    through: bool
    by: str


def score(names: Iterable[str]) -> dict[str, Outcome]:
    """Let Dwight try these attacks, and return what came of each."""
    names = list(names)
    # The other process finds the package that this one has found.
    found = str(Path(dunder.__file__).parents[1])
    trial = subprocess.run(
        [sys.executable, "-m", "dunder.dwight.trial", *names],
        check=True,
        env=os.environ | {"PYTHONPATH": found},
        stdout=subprocess.PIPE,
    )
    lines = trial.stdout.splitlines()
    outcomes = [Outcome(*json.loads(line)) for line in lines]
    return dict(zip(names, outcomes, strict=True))
