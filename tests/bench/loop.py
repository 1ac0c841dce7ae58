"""Who should run the loop: `python tests/bench/loop.py`.

Run it with `.venv` active. It builds `solutions/07-dunders` in release mode
and prints CPU nanoseconds for each order of a ledger of `MANY`: a loop in
Python over the orders, the same over plain objects, and one call of Rust.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time
from timeit import Timer

from release import nanoseconds, package

MANY = 10_000
CALLS = 20
ROUNDS = 15

LEDGER = f"""
import dunder

class Plain:
    def __init__(self, reams, unit_price_cents):
        self.reams = reams
        self.unit_price_cents = unit_price_cents

plain = [Plain(1 + i % 40, 599) for i in range({MANY})]
ledger = dunder.Ledger()
for one in plain:
    ledger.add(dunder.Order("Acme", one.reams, 599))
"""
TIMED = {
    "plain objects, attributes": (
        "sum(o.reams * o.unit_price_cents for o in plain)"
    ),
    "our orders, attributes": (
        "sum(o.reams * o.unit_price_cents for o in ledger)"
    ),
    "our orders, `total_cents()`": (
        "sum(o.total_cents() for o in ledger)"
    ),
    "`ledger.total()`": "ledger.total()",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="loop ") as folder:
        package("07-dunders", Path(folder) / "python")
        timers = {
            what: Timer(code, LEDGER, process_time)
            for what, code in TIMED.items()
        }
        empty = Timer("pass", LEDGER, process_time)
        taken = nanoseconds(timers, empty, CALLS, ROUNDS)
    print(
        f"Python {sys.version.split()[0]}, release build; CPU ns.\n"
    )
    print("| the loop | each order |\n|---|---|")
    for what, one in taken.items():
        print(f"| {what} | {one / MANY:.1f} |")


if __name__ == "__main__":
    main()
