"""What one value costs in each form: `python tests/bench/per_call.py`.

Run it with `.venv` active. It builds `solutions/04-pitfalls` in release mode
in a folder of its own, and prints CPU nanoseconds: to make a value, to read
one of its numbers, and to call a function on it. All forms take turns in one
process, so that a busy machine slows each alike; medians of `ROUNDS`.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time
from timeit import Timer

from release import nanoseconds, package

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
        package("04-pitfalls", Path(folder) / "python")
        measured = measure()
    print(
        f"Python {sys.version.split()[0]}, release build; CPU ns.\n"
    )
    print("| | make | read | call |\n|---|---|---|---|")
    for form, codes in TIMED.items():
        cells = (
            f"{measured[form, column]:.0f}" if code else "–"
            for column, code in enumerate(codes)
        )
        print(f"| {form} | {' | '.join(cells)} |")


def measure() -> dict[tuple[str, int], float]:
    """Nanoseconds of each form and column."""
    timers = {
        (form, column): Timer(
            "\n".join([code] * UNROLLED), FORMS, process_time
        )
        for form, codes in TIMED.items()
        for column, code in enumerate(codes)
        if code
    }
    empty = Timer("pass", FORMS, process_time)
    taken = nanoseconds(timers, empty, CALLS, ROUNDS)
    return {key: one / UNROLLED for key, one in taken.items()}


if __name__ == "__main__":
    main()
