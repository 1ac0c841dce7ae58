"""What a value costs on its way between Python and Rust.

`python tests/bench/crossing.py`, with `.venv` active, builds the crate beside
this file in release mode and prints CPU nanoseconds: for a call, and for each
element of what has many. All take turns in one process, so that a busy
machine slows each alike; medians of `ROUNDS`.

With `--abi3` it builds the crate a second time, for the stable interface of
Python 3.11 and later, and prints how many times as long each takes there.
"""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from time import process_time
from timeit import Timer

from release import library, nanoseconds

CRATE = Path(__file__).resolve().parent / "crossing"
MANY = 100_000
ROUNDS = 15

# What is timed, what it is called, and by how much its time is divided.
CALLS = {
    "no argument": ("nothing()", 1),
    "`int` to `i64`": ("int(seven)", 1),
    "`float` to `f64`": ("float_(half)", 1),
    "`str` of 25 to `&str`": ("text_borrowed(name)", 1),
    "`str` of 25 to `PyBackedStr`": ("text_backed(name)", 1),
    "`str` of 25 to `String`": ("text_owned(name)", 1),
}
WHOLES = {
    "`str` of 100,000 to `&str`": ("text_borrowed(text)", MANY),
    "`str` of 100,000 to `String`": ("text_owned(text)", MANY),
    "`bytes` of 100,000 to `&[u8]`": ("bytes_borrowed(data)", MANY),
    "`bytes` of 100,000 to `Vec<u8>`": ("bytes_owned(data)", MANY),
    "`list[int]` to `Vec<i64>`": ("list_owned(ints)", MANY),
    "`list[int]` as `&Bound<PyList>`": ("list_bound(ints)", MANY),
    "`list[str]` to `Vec<String>`": ("names_owned(names)", MANY),
    "`list[str]` as `&Bound<PyList>`": ("names_bound(names)", MANY),
    "`dict[str, int]` to `HashMap`": ("dict_owned(table)", MANY),
    "`Vec<i64>` to `list[int]`": ("give_list(many)", MANY),
    "`Vec<u8>` to `bytes`": ("give_bytes(many)", MANY),
}


def main() -> None:
    print(
        f"Python {sys.version.split()[0]}, release build; CPU ns.\n"
    )
    if sys.argv[1:] == ["--abi3"]:
        return compare(load(), load("pyo3/abi3-py311"))
    names = named(load())
    calls = measured(CALLS, names, 100_000)
    wholes = measured(WHOLES, names, 20)
    print("| one value | a call |\n|---|---|")
    for what, taken in calls.items():
        print(f"| {what} | {taken:.0f} |")
    print("\n| many values | the call | each |\n|---|---|---|")
    for what, taken in wholes.items():
        each = taken / WHOLES[what][1]
        print(f"| {what} | {taken:,.0f} | {each:.2g} |")


def compare(module, stable) -> None:
    """Both builds, in turns."""
    print("| what | this Python | abi3 | times |\n|---|---|---|---|")
    for timed, calls in ((CALLS, 100_000), (WHOLES, 20)):
        both = {
            (what, build): Timer(
                code, timer=process_time, globals=names
            )
            for what, (code, _) in timed.items()
            for build, names in enumerate(
                (named(module), named(stable))
            )
        }
        empty = Timer("pass", timer=process_time)
        taken = nanoseconds(both, empty, calls, ROUNDS)
        for what in timed:
            one, other = taken[what, 0], taken[what, 1]
            print(
                f"| {what} | {one:,.0f} | {other:,.0f} "
                f"| {other / one:.2f} |"
            )


def named(module) -> dict:
    """What the timed calls name."""
    return vars(module) | {
        "float_": module.float,
        "seven": 7,
        "half": 0.5,
        "name": "Cedar County Press Partner",
        "text": "a" * MANY,
        "data": b"a" * MANY,
        "ints": list(range(1000, 1000 + MANY)),
        "names": [f"customer number {i:06}" for i in range(MANY)],
        "table": {f"customer {i:06}": i for i in range(MANY)},
        "many": MANY,
    }


def load(feature: str = ""):
    """The crate as a module."""
    loader = importlib.machinery.ExtensionFileLoader(
        "crossing", str(library(CRATE, "crossing", feature))
    )
    spec = importlib.util.spec_from_loader("crossing", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def measured(timed, names, calls) -> dict[str, float]:
    timers = {
        what: Timer(code, timer=process_time, globals=names)
        for what, (code, _) in timed.items()
    }
    empty = Timer("pass", timer=process_time, globals=names)
    return nanoseconds(timers, empty, calls, ROUNDS)


if __name__ == "__main__":
    main()
