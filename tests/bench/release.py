"""What the benchmarks share: a crate in release mode, and fair turns."""

import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from timeit import Timer

HERE = Path(__file__).resolve().parents[2]
TARGET = HERE / ".stage/bench"


def library(crate: Path, name: str, feature: str = "") -> Path:
    """The library called `name`, built in release mode from `crate`."""
    # Two libraries of one name must not share a folder: cargo mixes them up.
    target = (
        TARGET / f"{crate.name} {feature.rpartition('/')[2]}".strip()
    )
    options = ["--release", "--locked", "--quiet"]
    if feature:
        options += ["--features", feature]
    subprocess.run(
        ["cargo", "build", *options, "--target-dir", target],
        cwd=crate,
        check=True,
    )
    names = (f"lib{name}.so", f"lib{name}.dylib", f"{name}.dll")
    files = (target / "release" / file for file in names)
    return next(file for file in files if file.exists())


def package(stem: str, folder: Path) -> None:
    """Make `import dunder` find the solution `stem`, laid out in `folder`."""
    solution = HERE / "solutions" / stem
    shutil.copytree(
        solution / "python",
        folder,
        ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"),
    )
    built = library(solution, "_dunder")
    suffix = ".pyd" if built.suffix == ".dll" else ".so"
    shutil.copy(built, folder / "dunder" / f"_dunder{suffix}")
    sys.path.insert(0, str(folder))


def nanoseconds(
    timers: dict, empty: Timer, calls: int, rounds: int
) -> dict:
    """Median nanoseconds of a call of each, less what an empty loop takes.

    All take turns, so that a busy machine slows each alike.
    """
    taken: dict = {key: [] for key in timers}
    for _ in range(rounds):
        loop = empty.timeit(calls)
        for key, timer in timers.items():
            seconds = timer.timeit(calls) - loop
            taken[key].append(seconds / calls * 1e9)
    return {
        key: statistics.median(found) for key, found in taken.items()
    }
