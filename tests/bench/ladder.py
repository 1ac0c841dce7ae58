"""What a crossing costs: one sum, and every way for its rows to reach Rust.

`stage bench ladder` runs this, with `.venv`, and keeps what it prints: one
JSON object with the machine, the versions, and CPU nanoseconds an order for
each form. It builds `solutions/10-memory` in release mode. All forms take
turns in one process, so that a busy machine slows each alike; before each,
`WASH` bytes are read, so that none finds its rows in a cache; the collector
is off; every form must say what the first one says, to the cent.
"""

import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import numpy as np
from ladder_forms import calls, forms
from release import HERE, package

STEM = "10-memory"
ORDERS = 1_000_000
ROUNDS = 15
WASH = 64_000_000
# Forms that must say the same: all rungs, and who is compared beside them.
GROUPS = {
    form["id"]: "rungs" if form["drawn"] else form["against"]
    for form in forms()
}


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with tempfile.TemporaryDirectory(prefix="ladder ") as folder:
        package(STEM, Path(folder) / "python")
        taken = measured(calls(orders), rounds)
    run = {
        "what": "CPU ns an order",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
        "versions": versions(),
        "orders": orders,
        "rounds": rounds,
        "forms": [
            form | {"nanoseconds": each(taken[form["id"]], orders)}
            for form in forms()
        ],
    }
    print(json.dumps(run, indent=2))


def measured(timed: dict, rounds: int) -> dict:
    """The seconds of each call, in turns; what they say is compared."""
    wash = np.ones(WASH // 8, dtype=np.int64)
    taken: dict = {name: [] for name in timed}
    first: dict = {}
    gc.collect()
    gc.disable()
    for _ in range(rounds):
        for name, call in timed.items():
            wash.sum()
            begun = process_time()
            said = call()
            taken[name].append(process_time() - begun)
            expected = first.setdefault(GROUPS[name], said)
            assert np.all(said == expected), name
            del said
    return taken


def each(seconds: list, orders: int) -> float:
    """The median, in nanoseconds an order."""
    return round(statistics.median(seconds) / orders * 1e9, 3)


def machine() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    names = [
        line.split(":")[1].strip()
        for line in lines
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.processor()
    return f"{os.cpu_count()} cores ({name}), {platform.system()}"


def versions() -> dict[str, str]:
    rustc = subprocess.run(
        ["rustc", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    lock = HERE / "solutions" / STEM / "Cargo.lock"
    crates = {
        crate["name"]: crate["version"]
        for crate in tomllib.loads(lock.read_text())["package"]
    }
    return {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "rustc": rustc.stdout.split()[1],
        "PyO3": crates["pyo3"],
        "rust-numpy": crates["numpy"],
    }


if __name__ == "__main__":
    main()
