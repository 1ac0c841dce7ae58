"""A newcomer's day: a fresh clone in a folder with a space in its name, on a machine with git, cc, Rust and Python.

Set-up is run once without a network (it must say so), once with it, and again without. After that, everything
in here is done with the network unplugged, by hand, without `stage`: the lesson must survive without the tool.
cargo's cache is empty at first: maturin needs crates of other systems that compiling never asks for.

The libraries of all checkpoints are those that this repository's own set-up compiled: they are kept by content, so
the newcomer's set-up finds them there, and only looks at them. What is built by hand is compiled.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from conftest import ROOT, Machine, clone_into, git

STEMS = sorted(
    path.name
    for path in (ROOT / "solutions").iterdir()
    if path.is_dir()
)


@dataclass
class Newcomer:
    clone: Path
    machine: Machine
    unplugged_first: CompletedProcess
    first: CompletedProcess
    second: CompletedProcess

    def types(self, command: str) -> CompletedProcess:
        """What the README tells to do first, and then a command, in live/ and without a network."""
        script = f"source .venv/bin/activate && cd live && {command}"
        return self.machine.run(
            "bash", "-c", script, cwd=self.clone, offline=True
        )

    def checks_out(self, tag: str) -> None:
        git(
            self.clone,
            "-c",
            "advice.detachedHead=false",
            "checkout",
            "--quiet",
            tag,
        )
        # An extension module built for a later checkpoint would still be found, and make a start green.
        for built in (self.clone / "live").glob("python/dunder/*.so"):
            built.unlink()

    def status(self) -> str:
        return git(self.clone, "status", "--porcelain")


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory) -> Newcomer:
    folder = tmp_path_factory.mktemp("newcomer")
    clone = clone_into(folder / "rust under python")
    kept = ".stage/libraries"
    ignored = shutil.ignore_patterns("work", "lock")
    shutil.copytree(ROOT / kept, clone / kept, ignore=ignored)
    machine = Machine(folder).install_all_but()
    machine.share_cache_of_uv().fill_a_cache_of_cargo()
    runs = [
        machine.run("./setup.sh", cwd=clone, offline=offline)
        for offline in (True, False, True)
    ]
    return Newcomer(clone, machine, *runs)


def tags_of(newcomer: Newcomer, stem: str) -> list[str]:
    return git(
        newcomer.clone, "tag", "--list", f"{stem}-*"
    ).splitlines()


def test_without_a_network_the_first_run_says_what_it_needs(
    newcomer, assert_says
):
    assert_says(
        newcomer.unplugged_first,
        what="could not get uv",
        where="pip",
        mend="it goes on from here",
    )


def test_one_command_prepares_everything(newcomer):
    assert newcomer.first.returncode == 0, (
        newcomer.first.stdout + newcomer.first.stderr
    )
    ready, following, then = newcomer.first.stdout.splitlines()[-3:]
    assert ready.startswith("Ready.")
    assert following.endswith("source .venv/bin/activate")
    assert then.endswith("stage list")
    assert newcomer.status() == ""


def test_a_library_that_was_compiled_elsewhere_is_not_compiled_again(
    newcomer,
):
    kept = len(
        list((ROOT / ".stage/libraries/checkpoints").iterdir())
    )
    assert kept > 0
    assert (
        f"checkpoints: {kept}, 0 compiled now"
        in newcomer.first.stdout
    )


def test_a_second_run_needs_no_network_and_gets_nothing_anew(
    newcomer,
):
    assert newcomer.second.returncode == 0, (
        newcomer.second.stdout + newcomer.second.stderr
    )
    for step in ("get uv", "make .venv"):
        assert step in newcomer.first.stdout
        assert step not in newcomer.second.stdout


def test_set_up_goes_on_while_live_is_red_on_purpose(newcomer):
    assert newcomer.types("stage go 1").returncode == 0
    again = newcomer.machine.run(
        "./setup.sh", cwd=newcomer.clone, offline=True
    )
    assert newcomer.types("stage undo").returncode == 0
    assert again.returncode == 0, again.stdout + again.stderr
    assert "`live/` is red, and may be" in again.stdout
    assert "Ready." in again.stdout
    assert newcomer.status() == ""


def test_a_shells_own_habits_do_not_lead_set_up_astray(newcomer):
    elsewhere = newcomer.machine.home.parent / "elsewhere"
    (elsewhere / "live").mkdir(parents=True)
    again = newcomer.machine.run(
        "./setup.sh",
        cwd=newcomer.clone,
        offline=True,
        CDPATH=str(elsewhere),
        PYTEST_ADDOPTS="-n 4",
        PYTHONINSPECT="1",
        UV_WORKING_DIRECTORY=str(elsewhere),
        CARGO_BUILD_TARGET="no-such-target",
    )
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_library_that_cargo_no_longer_makes_is_not_tested(newcomer):
    forgotten = newcomer.types(
        "stage go 3d && stage test && sed -i /crate-type/d Cargo.toml"
        " && stage test"
    )
    assert newcomer.types("stage undo").returncode == 0
    assert forgotten.returncode == 1
    assert "cargo made no `_dunder`" in forgotten.stderr
    assert 'crate-type = ["cdylib"]' in forgotten.stderr
    assert newcomer.status() == ""


def test_a_manifest_without_a_lock_builds_without_a_network(newcomer):
    typed = newcomer.types(
        "stage go 02-hello-done && rm Cargo.lock && maturin develop"
        " && pytest && rm Cargo.lock && stage test"
    )
    lock = (newcomer.clone / "live/Cargo.lock").read_text()
    assert newcomer.types("stage undo").returncode == 0
    assert typed.returncode == 0, typed.stdout + typed.stderr
    solution = newcomer.clone / "solutions/02-hello/Cargo.lock"
    assert lock == solution.read_text()
    assert newcomer.status() == ""


def test_an_attendee_is_told_how_to_get_the_presenters_commands(
    newcomer,
):
    refused = newcomer.types("stage deck build")
    assert refused.returncode == 2
    assert "are not in an attendee's build" in refused.stderr
    assert "mend: `./setup.sh deck`" in refused.stderr


def test_nothing_outside_the_clone_is_changed(newcomer):
    assert [
        str(path) for path in newcomer.machine.home.rglob("*")
    ] == []


def test_the_tags_are_those_of_every_solution(newcomer):
    assert newcomer.first.returncode == 0
    for stem in STEMS:
        assert f"{stem}-done" in tags_of(newcomer, stem)
        assert f"{stem}-start" in tags_of(newcomer, stem)


@pytest.mark.parametrize("stem", STEMS)
def test_done_is_the_solution_byte_for_byte_and_green(newcomer, stem):
    newcomer.checks_out(f"{stem}-done")
    assert git(newcomer.clone, "rev-parse", "HEAD:live") == git(
        newcomer.clone, "rev-parse", f"HEAD:solutions/{stem}"
    )
    build_by_hand(newcomer)
    tests = newcomer.types("pytest")
    assert tests.returncode == 0, tests.stdout + tests.stderr
    assert newcomer.status() == ""
    # A cache hides itself from git, not from who looks at what has changed.
    caches = {
        path.name for path in newcomer.clone.glob("live/.*_cache")
    }
    assert caches <= {".pytest_cache"}


@pytest.mark.parametrize("stem", STEMS)
def test_start_is_red(newcomer, stem):
    newcomer.checks_out(f"{stem}-start")
    build_by_hand(newcomer)
    tests = newcomer.types("pytest --exitfirst")
    assert tests.returncode in (1, 2), (
        tests.stdout + tests.stderr
    )  # tests failed, or could not be imported
    assert newcomer.status() == ""


def test_every_step_that_changes_a_manifest_builds(newcomer):
    """`stage check` builds all of them, as maturin would; maturin itself reads manifests."""
    tried = []
    for stem in STEMS:
        for tag in tags_of(newcomer, stem):
            manifests = ["live/Cargo.toml", "live/pyproject.toml"]
            if not tag.removeprefix(f"{stem}-").isdigit() or not git(
                newcomer.clone,
                *("diff", "--name-only", f"{tag}^", tag, "--"),
                *manifests,
            ):
                continue
            newcomer.checks_out(tag)
            build_by_hand(newcomer)
            assert newcomer.status() == "", tag
            tried.append(tag)
    assert tried


def build_by_hand(newcomer: Newcomer) -> None:
    if not (newcomer.clone / "live/Cargo.toml").exists():
        return
    built = newcomer.types("maturin develop")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "Compiling pyo3 " not in built.stderr, (
        "set-up compiled PyO3 already, for every checkpoint"
    )
