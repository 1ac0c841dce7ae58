"""What more cores bring: `python tests/bench/threads.py`.

Run it with `.venv` active. It builds `solutions/11-threads` in release mode
and adds up a ledger of `MANY` lines: in Python, without a rule, and with one,
by one thread of rayon and by two. A pool keeps its size, so each form has
processes of its own; they take turns. Of `ROUNDS`, the quickest counts: other
work on the machine only ever adds.

CPU time is split: what the calling thread took cannot be shared, what rayon's
took can. So two cores bring at most (all) / (caller + half of rayon's),
whatever else the machine does.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from release import package

MANY = 1_000_000
ROUNDS = 9

PROGRAM = f"""
import sys
from time import perf_counter, process_time, thread_time

from dunder import Row, read_rows, revenue_by_branch, tally

branches = ("Scranton", "Utica", "Nashua", "Akron")
text = "".join(
    f"customer {{i % 999}};{{branches[i % 4]}};{{1 + i % 40}};599\\n"
    for i in range({MANY})
)
clocks = perf_counter, process_time, thread_time
before = [clock() for clock in clocks]
CALL
print(*(clock() - then for clock, then in zip(clocks, before)))
"""
FORMS = {
    "Python": "revenue_by_branch(Row(*r) for r in read_rows(text))",
    "`tally(text)`": "tally(text)",
    "`tally(text, rule=…)`": "tally(text, rule=lambda branch, c: c)",
}
TURNS = [("Python", 1)] + [
    (form, threads) for form in list(FORMS)[1:] for threads in (1, 2)
]


def main() -> None:
    taken: dict = {turn: [] for turn in TURNS}
    with tempfile.TemporaryDirectory(prefix="threads ") as folder:
        package("11-threads", Path(folder) / "python")
        for _ in range(ROUNDS):
            for form, threads in TURNS:
                seconds = measured(folder, FORMS[form], threads)
                taken[form, threads].append(seconds)
    print(f"Python {sys.version.split()[0]}, release build; ms.\n")
    print("| form | threads | elapsed | CPU | of it the caller's |")
    print("|---|---|---|---|---|")
    for (form, threads), found in taken.items():
        best = " | ".join(
            f"{1000 * clock:.0f}" for clock in min(found)
        )
        print(f"| {form} | {threads} | {best} |")


def measured(folder: str, form: str, threads: int) -> list[float]:
    """Seconds of one call in a new process: elapsed, CPU, caller's."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("CALL", form)],
        env=os.environ
        | {
            "PYTHONPATH": f"{folder}/python",
            "RAYON_NUM_THREADS": str(threads),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]


if __name__ == "__main__":
    main()
