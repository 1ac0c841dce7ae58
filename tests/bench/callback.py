"""What it costs to ask Python: `python tests/bench/callback.py`.

Run it with `.venv` active. It builds the crate beside this file and
`solutions/09-python` in release mode, and prints CPU nanoseconds: for each of
`MANY` prices, and for a call. All take turns in one process, so that a busy
machine slows each alike; medians of `ROUNDS`.
"""

import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from time import process_time
from timeit import Timer

from release import library, nanoseconds, package

CRATE = Path(__file__).resolve().parent / "callback"
MANY = 10_000
CALLS = 20
ROUNDS = 15

RULES = f"""
import dunder

def same(cents):
    return cents

def same_all(batch):
    return batch

def off(cents):
    return cents * 9 // 10

def off_all(batch):
    return [cents * 9 // 10 for cents in batch]

def price(order):
    return order.total_cents() * 9 // 10

def prices(orders):
    return [order.total_cents() * 9 // 10 for order in orders]

class Order:
    def total_cents(self):
        return 7188

cents = list(range(1000, 1000 + {MANY}))
ledger = dunder.Ledger()
for reams in range({MANY}):
    ledger.add(dunder.Order("Acme", 1 + reams % 40, 599))
"""
EACH = {
    "no rule, reckoned in Rust": "no_call(cents)",
    "a loop in Python, no rule": "sum([c * 9 // 10 for c in cents])",
    "a loop in Python, the rule": "sum([off(c) for c in cents])",
    "a rule that does nothing, each": "each(same, cents)",
    "does nothing, batches of 1,000": "batches(same_all, cents, 1000)",
    "ten percent off, each": "each(off, cents)",
    "ten percent off, batches of 10": "batches(off_all, cents, 10)",
    "ten percent off, batches of 1,000": "batches(off_all, cents, 1000)",
    "`discounted`": "dunder.discounted(ledger, price)",
    "`discounted_in_batches`": (
        "dunder.discounted_in_batches(ledger, prices)"
    ),
}
CALL = {
    '`call_method0("total_cents")`': "method(Order(), 1000)",
    "the same, `intern!`": "method_interned(Order(), 1000)",
    "`import` and `getattr`": "import_(1000)",
    "`PyOnceLock::import`": "import_once(1000)",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="callback ") as folder:
        package("09-python", Path(folder) / "python")
        suffix = ".pyd" if sys.platform == "win32" else ".so"
        built = library(CRATE, "callback")
        shutil.copy(built, Path(folder) / f"python/callback{suffix}")
        module = importlib.import_module("callback")
        names = vars(module) | {"import_": vars(module)["import"]}
        exec(RULES, names)  # noqa: S102
        each = measured(EACH, names)
        call = measured(CALL, names)
    print(
        f"Python {sys.version.split()[0]}, release build; CPU ns.\n"
    )
    print("| a price | each |\n|---|---|")
    for what, taken in each.items():
        print(f"| {what} | {taken / MANY:.1f} |")
    print("\n| from Rust | a call |\n|---|---|")
    for what, taken in call.items():
        print(f"| {what} | {taken / 1000:.1f} |")


def measured(timed, names) -> dict[str, float]:
    timers = {
        what: Timer(code, timer=process_time, globals=names)
        for what, code in timed.items()
    }
    empty = Timer("pass", timer=process_time, globals=names)
    return nanoseconds(timers, empty, CALLS, ROUNDS)


if __name__ == "__main__":
    main()
