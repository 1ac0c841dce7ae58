"""Measure what docs/measurements.md states: `python3 tests/bench/bench.py`.

CPU seconds (user and system) of whole commands and everything they start,
in fresh clones of HEAD in a temporary folder. Where two ways are compared,
they take turns in one run, so that a busy machine slows both. The file is long
because all rows are measured in the same clones, one after the other.
"""

import os
import platform
import random
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
ROUNDS = 11
# Where one line is edited, besides the newest: where Rust begins, early, and half way.
EDITED = ["02-hello", "03-classes", "08-inheritance"]
# What is edited: a file, and an expression that its line begins with.
FIRST = ("paper.rs", "u64::from(reams) * u64::from(SHEETS_PER_REAM)")
LATER = ("order.rs", "self.reams * self.unit_price_cents")
# Python writes its caches for an attendee, so it may here too.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
}


def main() -> None:
    print(f"{machine()}\n\n| what | CPU seconds |\n|---|---|")
    with tempfile.TemporaryDirectory(prefix="bench of ") as folder:
        clone = clone_into(Path(folder) / "attend")
        row("`./setup.sh` in a fresh clone", cpu(clone, "./setup.sh"))
        row("`./setup.sh` again", cpu(clone, "./setup.sh"))
        shutil.rmtree(clone / ".stage/libraries")
        row(
            "the libraries of all checkpoints",
            cpu(clone, ".venv/bin/stage prepare --libraries"),
        )
        stems = sorted(
            path.name for path in (clone / "solutions").iterdir()
        )
        for stem in (*EDITED, stems[-1]):
            compare(
                edit_to_green(clone, f"{stem}-done"),
                f"one-line edit at `{stem}-done`, `maturin develop` and `pytest`",
                f"one-line edit at `{stem}-done`, `stage test`",
            )
        by_hand = Path(folder) / "by hand"
        without = shutil.ignore_patterns("warm")  # it has a socket
        shutil.copytree(clone, by_hand, symlinks=True, ignore=without)
        for pair in (EDITED[:2], stems[-2:]):
            between = f"between `{pair[0]}-done` and `{pair[1]}-done`"
            compare(
                checkpoint_to_green(by_hand, clone, pair),
                f"{between}, `git checkout`, `maturin develop`, `pytest`",
                f"{between}, `stage go` and `stage test`",
            )
        moves(
            clone_into(Path(folder) / "moves"),
            clone / ".venv/bin/stage",
        )
        row("`stage watch`, idle, percent of a core", idle(clone))
        row(
            "a sleep that wakes four times a second, the same",
            asleep(),
        )
        row("`stage tags`, 14 sections of 5 steps", many_tags(clone))
        shutil.rmtree(clone)
        clone = clone_into(Path(folder) / "present")
        row("`./setup.sh present` in a fresh clone", present(clone))
    print(
        f"\nCrates that an attendee compiles for `stage`: {crates()}."
    )


def compare(
    times: tuple[list[float], list[float]], hand: str, stage: str
) -> None:
    by_hand, by_stage = times
    pairs = zip(by_stage, by_hand, strict=True)
    row(hand, statistics.median(by_hand))
    row(stage, statistics.median(by_stage))
    row(
        "the second over the first, median of pairs",
        statistics.median(ours / theirs for ours, theirs in pairs),
    )


def row(what: str, seconds: float) -> None:
    print(f"| {what} | {seconds:.2f} |", flush=True)


def machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    versions = [
        subprocess.run(
            [tool, "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
        for tool in ("git", "rustc", "python3")
    ]
    tools = ", ".join(run.stdout.strip() for run in versions)
    return f"{os.cpu_count()} cores ({model}), {platform.system()}; {tools}."


def clone_into(folder: Path) -> Path:
    subprocess.run(
        ["git", "clone", "--quiet", HERE, folder], check=True
    )
    return folder


def cpu(folder: Path, command: str) -> float:
    """CPU seconds of a shell command that must succeed, with what it lets the warm test process do."""
    process, used_before = warm(folder)
    before = spent()
    subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=ENVIRONMENT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server, used = warm(folder)
    if server == process:
        used -= used_before
    # Else another took its place, and all that it used is new.
    return spent() - before + used


def warm(folder: Path) -> tuple[str, float]:
    """The warm test process of a clone, and CPU seconds of it and of all that it ran."""
    root = folder.parent if folder.name == "live" else folder
    try:
        process = (root / ".stage/warm/lock").read_text().strip()
        return process, used_by(process)
    except OSError:
        return "", 0.0


def used_by(process: str) -> float:
    """CPU seconds of a process, of those that it started, and of those that they did."""
    folder = Path("/proc") / process
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    # What has ended, its parent has waited for.
    ticks = sum(map(int, fields[11:15]))
    children = (folder / "task" / process / "children").read_text()
    return ticks / os.sysconf("SC_CLK_TCK") + sum(
        map(used_by, children.split())
    )


def spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def edit_to_green(
    clone: Path, tag: str
) -> tuple[list[float], list[float]]:
    """One-line edits at a checkpoint, the two ways in turns."""
    subprocess.run(
        ["git", "checkout", "--quiet", tag],
        cwd=clone,
        check=True,
    )
    name, line = FIRST if tag == f"{EDITED[0]}-done" else LATER
    source = clone / "live/src" / name
    activate = ". ../.venv/bin/activate; "
    ways = [
        activate + "maturin develop -q && pytest -q",
        activate + "stage test",
    ]
    times: tuple[list[float], list[float]] = ([], [])
    for way in ways:
        cpu(clone / "live", way)
    for _ in range(ROUNDS):
        for way, spent_on in zip(ways, times, strict=True):
            number = random.randrange(10**6)
            text = re.sub(
                rf"({re.escape(line)}).*",
                rf"\1 + {number} - {number}",
                source.read_text(),
            )
            source.write_text(text)
            spent_on.append(cpu(clone / "live", way))
    for words in (["--", "live"], ["main"]):
        subprocess.run(
            ["git", "checkout", "--quiet", *words],
            cwd=clone,
            check=True,
        )
    return times


def checkpoint_to_green(
    by_hand: Path, by_stage: Path, stems: list[str]
) -> tuple[list[float], list[float]]:
    """To and fro between the ends of two sections, the two ways in turns."""
    activate = ". ../.venv/bin/activate; "
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 2):
        tag = f"{stems[1 - number % 2]}-done"
        build = "maturin develop -q && pytest -q"
        ways = (
            (by_hand, f"git checkout -q {tag} && {build}"),
            (by_stage, f"stage go {tag} && stage test"),
        )
        for (clone, way), spent_on in zip(ways, times, strict=True):
            seconds = cpu(clone / "live", activate + way)
            # Both checkpoints were built once before.
            if number > 1:
                spent_on.append(seconds)
    for clone, words in (
        (by_hand, ["git", "checkout", "--quiet", "main"]),
        (by_stage, [".venv/bin/stage", "go", "01-why-done"]),
    ):
        subprocess.run(
            words, cwd=clone, check=True, stdout=subprocess.DEVNULL
        )
    return times


def moves(clone: Path, stage: Path) -> None:
    """What a move costs: as it is, with 1,000 saves kept, with a file of 100 MB."""
    go, undo = f"'{stage}' go 3d", f"'{stage}' undo"
    cpu(clone, f"'{stage}' tags")

    def both() -> tuple[float, float]:
        times = [
            (cpu(clone, go), cpu(clone, undo)) for _ in range(ROUNDS)
        ]
        first, second = zip(*times, strict=True)
        return statistics.median(first), statistics.median(second)

    def rows(
        what: str, plain: tuple[float, float] | None
    ) -> tuple[float, float]:
        times = both()
        for name, seconds, before in zip(
            ("go", "undo"), times, plain or times, strict=True
        ):
            ratio = (
                f", {seconds / before:.2f} times as much"
                if plain
                else ""
            )
            row(f"`stage {name}`{what}{ratio}", seconds)
        return times

    plain = rows("", None)
    large = clone / "live/data.bin"
    large.write_bytes(random.randbytes(100_000_000))
    row(
        "the first `stage go` with a file of 100 MB in `live/`",
        cpu(clone, go),
    )
    cpu(clone, undo)
    rows(" with it, later", plain)
    large.unlink()
    cpu(
        clone,
        "git for-each-ref --format='delete %(refname)' refs/stage | git update-ref --stdin",
    )
    cpu(clone, go)
    # Each a commit of its own, as saves are.
    keep = """
        save=$(git for-each-ref --format='%(refname)' refs/stage/save) number=${save##*/}
        parents=$(git log -1 --format='-p %P' $save | sed 's/ \\([0-9a-f]\\)/ -p \\1/2')
        export GIT_COMMITTER_NAME=stage GIT_COMMITTER_EMAIL=saves@rust-under-python.invalid
        export GIT_AUTHOR_NAME=stage GIT_AUTHOR_EMAIL=$GIT_COMMITTER_EMAIL
        for more in $(seq 1000); do
          id=$(git log -1 --format=%B $save | sed "s/before/$more before/" | git commit-tree $save^{tree} $parents)
          printf 'create refs/stage/save/%020d %s\\n' $((10#$number + more)) $id
        done | git update-ref --stdin"""
    cpu(clone, keep)
    cpu(clone, undo)
    rows(" with 1,000 saves kept", plain)
    shutil.rmtree(clone)


def idle(clone: Path) -> float:
    """What a watch costs while nobody saves anything, in percent of a core."""
    process = subprocess.Popen(
        [".venv/bin/stage", "watch"],
        cwd=clone,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout or ():
        if line.startswith(("green", "red")):
            break
    seconds = 60

    def used() -> float:
        return nanoseconds(process.pid) / 1e9

    before = used()
    time.sleep(seconds)
    spent_idle = used() - before
    process.send_signal(signal.SIGTERM)
    process.wait()
    return 100 * spent_idle / seconds


def asleep() -> float:
    """What waking up alone costs four times a second, in percent of a core."""
    seconds = 20
    before = nanoseconds(os.getpid())
    for _ in range(4 * seconds):
        time.sleep(0.25)
    return 100 * (nanoseconds(os.getpid()) - before) / 1e9 / seconds


def nanoseconds(process: int) -> int:
    """How long a process has been on a core; ticks are too coarse for one that sleeps."""
    return int(
        Path(f"/proc/{process}/schedstat").read_text().split()[0]
    )


def many_tags(clone: Path) -> float:
    """`stage tags` in a repository grown to 14 sections of 5 steps."""
    subprocess.run(
        ["git", "checkout", "--quiet", "-B", "bench", "origin/HEAD"],
        cwd=clone,
        check=True,
    )
    solutions = clone / "solutions"
    for number in range(len(list(solutions.iterdir())) + 1, 15):
        before = max(solutions.iterdir())
        stem = f"{number:02}-more"
        shutil.copytree(before, solutions / stem)
        steps = clone / "slides/steps" / stem
        steps.mkdir()
        lines = [f"{stem} {line}\n" for line in range(6)]
        (solutions / stem / f"{stem}.txt").write_text("".join(lines))
        for step in range(1, 6):
            (steps / f"{step}.patch").write_text(
                patch(stem, lines, step)
            )
    # With as many sections as that, something else must move the tags.
    with (clone / "README.md").open("a") as readme:
        readme.write("\n")
    newest = max(solutions.iterdir()).name
    identity = [
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@localhost",
    ]
    for command in (
        ["add", "-A"],
        [*identity, "commit", "-qm", "more"],
    ):
        subprocess.run(["git", *command], cwd=clone, check=True)
    seconds = cpu(clone, ".venv/bin/stage tags")
    tags = subprocess.run(
        ["git", "tag", "--list", f"{newest}-*"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{newest}-done" in tags.stdout.split(), tags.stdout
    return seconds


def patch(stem: str, lines: list[str], step: int) -> str:
    name = f"{stem}.txt"
    above = [f" {line}" for line in lines[: step - 1]]
    new = (
        "new file mode 100644\n--- /dev/null\n"
        if step == 1
        else f"--- a/{name}\n"
    )
    ranges = (
        "@@ -0,0 +1 @@"
        if step == 1
        else f"@@ -1,{step - 1} +1,{step} @@"
    )
    return (
        f"line {step}\n\nGreen: tests\n\n"
        f"diff --git a/{name} b/{name}\n{new}+++ b/{name}\n{ranges}\n"
        f"{''.join(above)}+{lines[step - 1]}"
    )


def present(clone: Path) -> float:
    """From nothing to the served deck; then it is stopped."""
    before = spent()
    process = subprocess.Popen(
        ["./setup.sh", "present", "--no-open"],
        cwd=clone,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith("step:"):
            break
    process.send_signal(signal.SIGTERM)
    process.wait()
    if not said or not said[-1].startswith("step:"):
        sys.exit("".join(said))
    return spent() - before


def crates() -> int:
    tree = [
        "cargo",
        "tree",
        "--locked",
        "-p",
        "stage",
        "-e",
        "normal,build",
    ]
    listed = subprocess.run(
        [*tree, "--prefix", "none"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    )
    names = {
        line.removesuffix(" (*)")
        for line in listed.stdout.splitlines()
    }
    return len({name for name in names if name and "(/" not in name})


if __name__ == "__main__":
    main()
