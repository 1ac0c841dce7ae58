"""What one value costs in each form: `python tests/bench/per_call.py`.

Run it with `.venv` active. It builds `solutions/04-pitfalls` in release mode
in a folder of its own, and prints CPU nanoseconds: to make a value, to read
one of its numbers, and to call a function on it. All forms take turns in one
process, so that a busy machine slows each alike; medians of `ROUNDS`.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time
from timeit import Timer

HERE = Path(__file__).resolve().parents[2]
SOLUTION = HERE / "solutions/04-pitfalls"
TARGET = HERE / ".stage/bench/target"
ROUNDS = 21
CALLS = 100_000
UNROLLED = 10

FORMS = """
from dataclasses import dataclass
from typing import NamedTuple

import dunder

name, reams, price = "Lackawanna County", 12, 599

def total(reams, price):
    return reams * price

class Named(NamedTuple):
    customer: str
    reams: int
    unit_price_cents: int

class Plain:
    def __init__(self, customer, reams, unit_price_cents):
        self.customer = customer
        self.reams = reams
        self.unit_price_cents = unit_price_cents

    def total_cents(self):
        return self.reams * self.unit_price_cents

@dataclass(slots=True)
class Data:
    customer: str
    reams: int
    unit_price_cents: int

    def total_cents(self):
        return self.reams * self.unit_price_cents

class Recipe:
    __slots__ = ("__customer", "__reams", "__unit_price_cents")

    def __init__(self, customer, reams, unit_price_cents):
        self.__customer = customer
        self.__reams = reams
        self.__unit_price_cents = unit_price_cents

    @property
    def reams(self):
        return self.__reams

    def total_cents(self):
        return self.__reams * self.__unit_price_cents

named = Named(name, reams, price)
row = (name, reams, price)
plain = Plain(name, reams, price)
data = Data(name, reams, price)
recipe = Recipe(name, reams, price)
order = dunder.Order(name, reams, price)
"""
# What is timed for each form: made, read, called.
TIMED = {
    "a function of two numbers": ("", "", "total(reams, price)"),
    "a tuple": ("(name, reams, price)", "row[1]", ""),
    "a `NamedTuple`": (
        "Named(name, reams, price)",
        "named.reams",
        "",
    ),
    "a Python class": (
        "Plain(name, reams, price)",
        "plain.reams",
        "plain.total_cents()",
    ),
    "a dataclass with slots": (
        "Data(name, reams, price)",
        "data.reams",
        "data.total_cents()",
    ),
    "with `__x`, a getter, `__slots__`": (
        "Recipe(name, reams, price)",
        "recipe.reams",
        "recipe.total_cents()",
    ),
    "our `Order`": (
        "dunder.Order(name, reams, price)",
        "order.reams",
        "order.total_cents()",
    ),
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="per call ") as folder:
        build(Path(folder))
        sys.path.insert(0, str(Path(folder) / "python"))
        measured = measure()
    print(
        f"Python {sys.version.split()[0]}, release build; CPU ns.\n"
    )
    print("| | make | read | call |\n|---|---|---|---|")
    for form, costs in measured.items():
        cells = " | ".join(cost or "–" for cost in costs)
        print(f"| {form} | {cells} |")


def build(folder: Path) -> None:
    """Put the package, with its library in release mode, into `folder`."""
    shutil.copytree(
        SOLUTION / "python",
        folder / "python",
        ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"),
    )
    options = ["--release", "--locked", "--quiet"]
    subprocess.run(
        ["cargo", "build", *options, "--target-dir", TARGET],
        cwd=SOLUTION,
        check=True,
    )
    library = next(
        path
        for name in (
            "lib_dunder.so",
            "lib_dunder.dylib",
            "_dunder.dll",
        )
        if (path := TARGET / "release" / name).exists()
    )
    suffix = ".pyd" if library.suffix == ".dll" else ".so"
    shutil.copy(
        library, folder / "python/dunder" / f"_dunder{suffix}"
    )


def measure() -> dict[str, list[str]]:
    """Nanoseconds of each form, less what an empty loop takes."""
    timers = {
        (form, column): Timer(
            "\n".join([code] * UNROLLED), FORMS, process_time
        )
        for form, codes in TIMED.items()
        for column, code in enumerate(codes)
        if code
    }
    empty = Timer("pass", FORMS, process_time)
    rounds: dict[tuple[str, int], list[float]] = {
        key: [] for key in timers
    }
    for _ in range(ROUNDS):
        loop = nanoseconds(empty)
        for key, timer in timers.items():
            taken = (nanoseconds(timer) - loop) / UNROLLED
            rounds[key].append(taken)
    return {
        form: [
            f"{statistics.median(rounds[form, column]):.0f}"
            if (form, column) in rounds
            else ""
            for column in range(len(codes))
        ]
        for form, codes in TIMED.items()
    }


def nanoseconds(timer: Timer) -> float:
    """CPU time of one run of what is timed."""
    return timer.timeit(CALLS) / CALLS * 1e9


if __name__ == "__main__":
    main()
