"""What comes of results that arrive while Python ends.

`python tests/bench/last_second.py`, with `.venv` active, builds section 12's
solution twice in folders of its own, as it is and without the door that
`end` closes, and lets each run `tests/together/last_answers.py` `RUNS` times, in
turns: twenty-six futures are answered while Python takes itself down.
"""

import collections
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from release import HERE, library

RUNS = 60
SECONDS = 10
STEM = "12-async"
DOOR = """            if !*ended {
                attach();
            }
"""
NO_DOOR = """            drop(ended);
            attach();
"""


def main() -> None:
    counted = {
        "with the door": collections.Counter(),
        "without it": collections.Counter(),
    }
    with tempfile.TemporaryDirectory() as folder:
        ways = [
            laid_out(Path(folder) / "with", DOOR),
            laid_out(Path(folder) / "without", NO_DOOR),
        ]
        for _ in range(RUNS):
            for way, ends in zip(ways, counted.values(), strict=True):
                ends[run(way)] += 1
    print(
        f"Python {sys.version.split()[0]}, release build; {RUNS} runs each.\n"
    )
    for what, ends in counted.items():
        print(
            f"{what}: "
            + ", ".join(f"{many} {end}" for end, many in ends.items())
        )


def laid_out(project: Path, door: str) -> Path:
    """The solution with this door, built."""
    shutil.copytree(
        HERE / "solutions" / STEM,
        project,
        ignore=shutil.ignore_patterns("target", "*.so", "*.pyd"),
    )
    source = project / "src/runtime.rs"
    text = source.read_text()
    assert DOOR in text, f"{source} has another door"
    source.write_text(text.replace(DOOR, door))
    built = library(project, "_dunder")
    suffix = ".pyd" if built.suffix == ".dll" else ".so"
    shutil.copy(built, project / f"python/dunder/_dunder{suffix}")
    return project


def run(project: Path) -> str:
    """How one run ended."""
    done = subprocess.run(
        [
            sys.executable,
            "tests/together/last_answers.py",
            str(SECONDS),
        ],
        cwd=project,
        env={"PYTHONPATH": "python"},
        capture_output=True,
        text=True,
        check=False,
        timeout=6 * SECONDS,
    )
    if done.returncode < 0:
        return "crashed"
    if done.returncode:
        return "failed"
    return "with complaints" if done.stderr else "well"


if __name__ == "__main__":
    main()
