"""`stage watch` after each save, and what `stage test` says of tests that may be red.

What waits, waits for a pipe or for the next line.
"""

import contextlib
import mmap
import os
import shutil
import signal
import subprocess
import sys

import pytest
from company import STAGE, ends, on_a_terminal, waiting
from conftest import git

GREEN = "def test_a_ream_has_500_sheets():\n    assert 500 == 500\n"


class Watch:
    """A running `stage watch`."""

    def __init__(self, company, **variables: str):
        command = company.command(**variables)
        command["args"] = [STAGE, "watch"]
        self.process = subprocess.Popen(
            **command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert "watching `live/`" in self.process.stdout.readline()

    def says(self, *lines: str) -> None:
        """These are the next lines; what is on stage is left out."""
        for line in lines:
            said = self.process.stdout.readline()
            while said.startswith("on stage: "):
                said = self.process.stdout.readline()
            assert said == f"{line}\n"

    def ends(self) -> str:
        """Ctrl-C; all that it said that nobody has read."""
        self.process.send_signal(signal.SIGINT)
        rest = self.process.stdout.read()
        assert self.process.wait() == -signal.SIGINT
        return rest


@pytest.fixture(params=["", "1"], ids=["warm", "cold"])
def watch(company, request):
    """Starts one, with a warm test process or without; it is stopped afterwards."""
    started = []

    def start() -> Watch:
        started.append(Watch(company, STAGE_COLD=request.param))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


def test_each_save_is_answered_in_words_for_a_room(company, watch):
    company.writes("test_paper.py", GREEN)
    watching = watch()
    watching.says("green: 1 test")
    company.writes(
        "test_paper.py",
        GREEN.replace("500 == 500", "500 == 12, 'too few'")
        + "\ndef test_b():\n    raise ValueError\n",
    )
    watching.says(
        "red: a ream has 500 sheets",
        "  AssertionError: too few",
        "  assert 500 == 12",
        "  tests/test_paper.py:2",
    )
    company.writes(
        "test_paper.py", GREEN + GREEN.replace("a_ream", "b")
    )
    said = watching.process.stdout.readline()
    while not said.startswith("green"):
        assert "of your own red" in said
        said = watching.process.stdout.readline()
    assert said == "green: 2 tests\n"
    assert watching.ends() == ""


def test_an_edit_of_the_code_is_seen(company, watch):
    module = company.live / "python/dunder/reams.py"
    module.write_text("REAMS = 12\n")
    company.writes(
        "test_reams.py",
        "from dunder.reams import REAMS\n\ndef test_reams():\n    assert REAMS == 12\n",
    )
    try:
        watching = watch()
        watching.says("green: 1 test")
        module.write_text("REAMS = 13\n")
        watching.says("red: reams", "  assert 13 == 12")
    finally:
        module.unlink()


def test_a_save_that_no_kernel_tells_of_is_seen(company, watch):
    # As on many a network's disk: Linux keeps it to itself who writes through a mapping.
    company.writes("test_paper.py", GREEN)
    paper = company.tests / "test_paper.py"
    watching = watch()
    watching.says("green: 1 test")
    with (
        paper.open("r+b") as file,
        mmap.mmap(file.fileno(), 0) as mapped,
    ):
        at = mapped.find(b"500 ==")
        mapped[at : at + 3] = b"501"
        mapped.flush()
        watching.says(
            "red: a ream has 500 sheets",
            "  assert 501 == 500",
            "  tests/test_paper.py:2",
        )
        mapped[at : at + 3] = b"500"
        mapped.flush()
        watching.says("green: 1 test")


def test_a_link_is_edited_where_it_leads(company, watch, tmp_path):
    elsewhere = tmp_path / "test_paper.py"
    elsewhere.write_text(GREEN)
    (company.tests / "test_paper.py").symlink_to(elsewhere)
    watching = watch()
    watching.says("green: 1 test")
    elsewhere.write_text(GREEN + GREEN.replace("a_ream", "b"))
    watching.says("green: 2 tests")
    (company.tests / "test_paper.py").unlink()
    watching.says("red: pytest ended with exit status 5")


def test_an_edit_that_keeps_length_and_time_is_seen(company, watch):
    company.writes("test_paper.py", GREEN)
    paper = company.tests / "test_paper.py"
    found = paper.stat()
    watching = watch()
    watching.says("green: 1 test")
    paper.write_text(GREEN.replace("a_ream", "b_ream"))
    os.utime(paper, ns=(found.st_atime_ns, found.st_mtime_ns))
    watching.says("green: 1 test")


def test_what_a_test_keeps_in_a_hidden_folder_is_no_edit(
    company, watch
):
    keeps = "\n\ndef test_keeps():\n    import pathlib, time\n    kept = pathlib.Path('.cache_of_a_tool')\n    kept.mkdir(exist_ok=True)\n    (kept / 'now').write_text(str(time.time_ns()))\n"
    company.writes("test_paper.py", GREEN + keeps)
    watching = watch()
    try:
        watching.says("green: 2 tests")
        company.writes("test_paper.py", GREEN)
        watching.says("green: 1 test")
        assert watching.ends() == ""
    finally:
        shutil.rmtree(company.live / ".cache_of_a_tool")


def test_a_run_that_began_before_the_last_save_says_nothing(
    company, watch, tmp_path
):
    here, _ = waiting(company, tmp_path)
    watching = watch()
    with here.open() as said:
        began = int(said.readline())
        (company.tests / "test_waits.py").unlink()
        company.writes("test_paper.py", GREEN)
        watching.says("green: 1 test")
        assert ends(began)
    assert watching.ends() == ""


def test_what_never_rests_is_named(company):
    company.writes("test_paper.py", GREEN)
    log = company.live / "sales.log"
    watching = Watch(company)
    watching.says("green: 1 test")
    writes = "for n in itertools.count(): open('sales.log', 'w').write(str(n)); time.sleep(.02)"
    writer = subprocess.Popen(
        [sys.executable, "-c", f"import itertools, time\n{writes}"],
        cwd=company.live,
    )
    try:
        said = watching.process.stdout.readline()
        assert said.startswith("no word yet: ")
        assert "`live/sales.log` the last time" in said
        writer.kill()
        writer.wait()
        watching.says("green: 1 test")
        assert watching.ends() == ""
    finally:
        writer.kill()
        writer.wait()
        log.unlink(missing_ok=True)
        watching.process.kill()


def test_ctrl_c_leaves_no_run_behind(company, tmp_path):
    here, _ = waiting(company, tmp_path)
    watching = Watch(company)
    with here.open() as said:
        began = int(said.readline())
        watching.ends()
        assert ends(began)
        assert said.read() == ""
    assert not list((company.root / ".stage").glob("watched-*"))


def test_a_file_that_cannot_be_read_is_told(company, watch):
    company.writes("test_slip.py", "def test_(:\n")
    watching = watch()
    watching.says("red: pytest cannot read tests/test_slip.py")


def test_no_test_at_all_is_not_green(company, watch):
    watching = watch()
    watching.says("red: pytest ended with exit status 5")


def test_it_waits_for_a_folder_that_is_gone(company, watch):
    company.writes("test_paper.py", GREEN)
    watching = watch()
    watching.says("green: 1 test")
    away = company.live.with_name("away")
    company.live.rename(away)
    watching.says(
        "`live/` is not there: `stage go 1` puts a checkpoint there"
    )
    away.rename(company.live)
    watching.says("green: 1 test")


def test_a_compiler_is_heard_out_to_its_first_error(
    company, tmp_path
):
    words = "warning: unused\\n\\nerror[E0308]: mismatched\\n --> src/lib.rs:7:5\\n  |\\n7 | true\\n  |\\n  = note: so\\n\\nerror: aborting\\n"
    cargo = tmp_path / "cargo"
    cargo.write_text(f"#!/bin/sh\nprintf '{words}' >&2\nexit 101\n")
    cargo.chmod(0o755)
    path = company.command()["env"]["PATH"]
    manifest = company.live / "Cargo.toml"
    manifest.write_text('[package]\nname = "dunder"\n')
    try:
        watching = Watch(company, PATH=f"{tmp_path}:{path}")
        watching.says(
            "red: it does not compile",
            "error[E0308]: mismatched",
            " --> src/lib.rs:7:5",
            "  |",
            "7 | true",
        )
        assert watching.ends() == ""
    finally:
        manifest.unlink()


@pytest.fixture
def checkpoints(folder):
    """The same clone with its tags; `live/` is the first section's again afterwards."""
    for words in (["tags"], ["go", "01-why-done"]):
        run(folder, *words)
    shutil.rmtree(folder.live / "tests/__pycache__", True)
    yield folder
    run(folder, "go", "01-why-done")
    for old in folder.tests.glob("*.py"):
        old.unlink()


def run(company, *words: str):
    command = company.command()
    command["args"] = [STAGE, *words]
    result = subprocess.run(
        **command, capture_output=True, text=True, check=False
    )
    said = result.stdout + result.stderr
    return result.returncode, said.splitlines()


def test_it_says_where_somebody_else_moved(checkpoints):
    watching = Watch(checkpoints)
    try:
        for tag in ("01-why-done", "01-why-start", "01-why-1"):
            run(checkpoints, "go", tag)
            said = watching.process.stdout.readline()
            while not said.startswith("on stage: "):
                said = watching.process.stdout.readline()
            assert said == f"on stage: {tag}\n"
    finally:
        with contextlib.suppress(AssertionError):
            watching.ends()


def test_at_a_start_its_own_tests_may_be_red(checkpoints):
    run(checkpoints, "go", "1")
    code, said = run(checkpoints, "test")
    red = next(
        line
        for line in said
        if "as they should be at this start" in line
    )
    count = red.split()[0]
    assert any(line.startswith(f"{count} failed") for line in said)
    assert "`stage next` turns " in red
    assert code == 1
    # Nothing is wrong, so the last word is not an error's.
    assert said[-1] == red
    assert not any(line.startswith("error") for line in said)


def test_a_test_that_a_step_has_turned_green_should_stay_so(
    checkpoints,
):
    run(checkpoints, "go", "1.1")
    _, before = run(checkpoints, "test")
    assert not any("should be green" in line for line in before)
    for path in git(
        checkpoints.root,
        "diff",
        "--name-only",
        "01-why-start",
        "01-why-1",
        "--",
        "live",
    ).splitlines():
        old = git(checkpoints.root, "show", f"01-why-start:{path}")
        (checkpoints.root / path).write_text(old + "\n")
    _, said = run(checkpoints, "test")
    assert any("that should be green" in line for line in said), said
    assert "error: the tests are red" in said


def test_a_slip_in_a_test_is_not_as_it_should_be(checkpoints):
    run(checkpoints, "go", "02-hello-start")
    paper = checkpoints.tests / "test_paper.py"
    paper.write_text(paper.read_text() + "\ndef test_(:\n")
    code, said = run(checkpoints, "test")
    assert code == 1
    assert "error: the tests are red" in said
    assert any(
        line.startswith(
            "1 that should be green is red: tests/test_paper.py"
        )
        for line in said
    ), said


def test_a_terminal_is_spared_what_cargo_writes(checkpoints):
    run(checkpoints, "go", "02-hello-start")
    command = checkpoints.command()
    command["args"] = [STAGE, "diff", "done"]
    shown = on_a_terminal(command)
    assert "besides `Cargo.lock`, which cargo writes" in shown
    assert "+++" in shown or "---" in shown
    assert 'name = "pyo3"' not in shown
    code, said = run(checkpoints, "diff", "done")
    assert code == 0
    assert '-name = "pyo3"' in said


def test_at_the_end_nothing_is_said_of_red(checkpoints):
    code, said = run(checkpoints, "test")
    assert code == 0
    assert said[-1].split()[1] == "passed"


def test_where_all_take_long_those_of_the_section_come_first(
    checkpoints,
):
    run(checkpoints, "go", "02-hello-start")
    new = git(
        checkpoints.root,
        *("diff", "--name-only", "01-why-done", "02-hello-start"),
        *("--", "live/tests"),
    ).splitlines()
    for path in new:
        (checkpoints.root / path).write_text(GREEN)
    first = new[0].removeprefix("live/tests/")
    old = (checkpoints.tests / "test_names.py").read_text()
    long = f"{old}\n\ndef test_long():\n    import time\n    time.sleep(1.1)\n"
    checkpoints.writes("test_names.py", long)
    watching = Watch(checkpoints)
    try:
        said = watching.process.stdout.readline()
        assert said == "on stage: 02-hello-start\n"
        green = watching.process.stdout.readline()
        assert green.startswith("green: ")

        checkpoints.writes(first, GREEN.replace("500 ==", "12 =="))
        watching.says(
            "red: a ream has 500 sheets",
            "  assert 12 == 500",
            f"  tests/{first}:2",
            "1 red, as it should be at this start: `stage next` turns it green",
        )
        checkpoints.writes(first, GREEN)
        plural = "s" if len(new) > 1 else ""
        watching.says(
            f"green so far: {len(new)} test{plural} of this section",
            green.rstrip(),
        )
        checkpoints.writes(
            "test_names.py",
            f"{long}\n\ndef test_last():\n    assert 1 == 2\n",
        )
        watching.says(
            f"green so far: {len(new)} test{plural} of this section",
            "red: last",
            "  assert 1 == 2",
        )
        assert watching.process.stdout.readline().startswith(
            "  tests/test_names.py:"
        )
        watching.says(
            "1 that should be green is red: tests/test_names.py::test_last"
        )
    finally:
        watching.process.kill()
        watching.process.wait()
