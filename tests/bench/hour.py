"""What of the hour was the language's: `python tests/bench/hour.py`.

Run it with `.venv` active, after `./setup.sh`, which makes the tags. It
builds steps 2 and 3 of section 14 in release mode: the module moved as it
is, and with the better algorithm. Those, section 01's module, and the better
algorithm in Python find the pairs of `FEW` names, in turns, in one process;
every result is compared. CPU time, medians of `ROUNDS`. Then Rust
alone does the whole: `ALL` names. What Python takes for those is computed.
"""

import importlib.machinery
import importlib.util
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

from release import HERE, library

FEW, ALL = 200, 6450
ROUNDS = 7
LIMIT = 2
AS_BEFORE = "Python, as in section 01"
BETTER = "Python, better algorithm"
LOOP = "Python's loop, Rust's distance"
MOVED = "Rust, the same algorithm"
DONE = "Rust, better algorithm"


def main() -> None:
    sys.path[:0] = [
        str(HERE / "solutions/01-why/python"),
        str(HERE / "solutions/14-ship/tests"),
    ]
    import names_in_python

    from dunder.sample import sample_rows

    def customers(many: int) -> list[str]:
        rows = sample_rows(many)
        return list(dict.fromkeys(row.customer for row in rows))

    with tempfile.TemporaryDirectory(prefix="hour ") as folder:
        moved = built("14-ship-2", Path(folder))
        done = built("14-ship-3", Path(folder))

    def loop(names: list[str]) -> list[tuple[str, str]]:
        return [
            (name, other)
            for i, name in enumerate(names)
            for other in names[i + 1 :]
            if moved.edit_distance(name, other) <= LIMIT
        ]

    forms = {
        AS_BEFORE: names_in_python.near_duplicates,
        BETTER: in_python_with_bits,
        LOOP: loop,
        MOVED: moved.near_duplicates,
        DONE: done.near_duplicates,
    }
    if peer := rapidfuzz():
        forms["RapidFuzz"] = peer
    few, every = customers(FEW), customers(ALL)
    taken: dict[str, list[float]] = {form: [] for form in forms}
    for _ in range(ROUNDS):
        for form, find in forms.items():
            before = process_time()
            found = find(few)
            taken[form].append(process_time() - before)
            assert found == first_found(few, found), form
    pairs = [many * (many - 1) // 2 for many in (FEW, ALL)]
    print(f"Python {sys.version.split()[0]}, release build; CPU.\n")
    print(f"| {FEW} names, {pairs[0]:,} pairs | ms | ns a pair | |")
    print("|---|---|---|---|")
    slow = median(taken[AS_BEFORE])
    for form, times in taken.items():
        one = median(times)
        print(
            f"| {form} | {one * 1e3:.2f} | {one / pairs[0] * 1e9:,.0f} "
            f"| {slow / one:,.1f} times as fast |"
        )
    print(f"\n| {ALL:,} names, {pairs[1]:,} pairs | s |\n|---|---|")
    for form in (AS_BEFORE, BETTER):
        computed = median(taken[form]) / pairs[0] * pairs[1]
        print(f"| {form}, computed | {computed:,.0f} |")
    results = []
    for form, rounds in ((MOVED, 1), (DONE, 3)):
        times = []
        for _ in range(rounds):
            before = process_time()
            results.append(forms[form](every))
            times.append(process_time() - before)
        print(f"| {form}, run | {median(times):.2f} |")
    assert all(found == results[0] for found in results)
    print(f"\n{len(results[0])} pairs look like one.")


KNOWN: dict[int, list] = {}


def first_found(names: list[str], found: list) -> list:
    """What the first form found, to compare the others with."""
    return KNOWN.setdefault(len(names), found)


def built(tag: str, folder: Path):
    """The extension module that `live/` makes at a tag."""
    packed = subprocess.run(
        ["git", "archive", f"{tag}:live"],
        cwd=HERE,
        check=True,
        capture_output=True,
    ).stdout
    crate = folder / tag
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(crate, filter="data")
    # Cargo looks for settings above the crate; these name our Python.
    (crate / ".cargo").mkdir()
    settings = (HERE / ".cargo/config.toml").read_text()
    python = f'"{HERE}/.venv/bin/python"'
    (crate / ".cargo/config.toml").write_text(
        settings.replace(
            '".venv/bin/python", relative = true', python
        )
    )
    path = str(library(crate, "_dunder"))
    name = f"{tag.replace('-', '_')}._dunder"
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(
        name, path, loader=loader
    )
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def in_python_with_bits(names: list[str]) -> list[tuple[str, str]]:
    """Section 14's algorithm in Python, whose numbers have any number of bits."""
    pairs = []
    for i, name in enumerate(names):
        letters = len(name)
        of: dict[str, int] = {}
        for place, letter in enumerate(name):
            of[letter] = of.get(letter, 0) | 1 << place
        every, last = (1 << letters) - 1, 1 << letters >> 1
        for other in names[i + 1 :]:
            if abs(letters - len(other)) > LIMIT:
                continue
            up, down, edits = every, 0, letters
            for letter in other:
                same = of.get(letter, 0)
                across = ((same & up) + up ^ up) | same | down
                more, less = down | ~(across | up), up & across
                edits += (more & last != 0) - (less & last != 0)
                more = more << 1 | 1
                up = (less << 1 | ~(across | more)) & every
                down = more & across & every
            if edits <= LIMIT:
                pairs.append((name, other))
    return pairs


def rapidfuzz():
    """The same by RapidFuzz and NumPy, if both are installed."""
    try:
        import numpy as np
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist
    except ImportError:
        return None

    def find(names: list[str]) -> list[tuple[str, str]]:
        apart = cdist(
            names,
            names,
            scorer=Levenshtein.distance,
            score_cutoff=LIMIT,
        )
        near = np.argwhere(np.triu(apart <= LIMIT, 1))
        return [(names[i], names[j]) for i, j in near.tolist()]

    return find


if __name__ == "__main__":
    main()
