"""The warm test process: what it runs is what `python -m pytest` would run, and it is never in the way.

The clone has a path of more than 107 bytes, with spaces in it: more than a socket's address holds. Its
environment is a copy of this repository's, so that it can be changed. What waits, waits for a pipe. The file is long
because all that a test can see of its process, and each way in which a run can end, is tried.
"""

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
from company import ends, on_a_terminal, timeless, waiting

pytestmark = pytest.mark.skipif(
    sys.platform != "linux",
    reason="elsewhere every run starts its own Python",
)

# All that a test can see of the process that it is in.
MIRROR = """
import os, resource, signal, sys, threading

def test_mirror(pytestconfig):
    own = {"PYTEST_CURRENT_TEST"}
    for name in sorted(set(os.environ) - own):
        print(name, "=", os.environ[name])
    plugins = pytestconfig.pluginmanager.get_plugins()
    print(sorted(getattr(one, "__name__", str(type(one))) for one in plugins))
    print(sys.argv, sys.orig_argv, sys.executable, sys.flags)
    print(sys.path, os.getcwd(), sys.modules["__main__"].__spec__)
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        print(stream, stream.errors, stream.line_buffering)
        print(stream.isatty(), stream.write_through, stream.fileno())
        print(stream.buffer, stream.buffer.raw.closefd)
    for number in signal.valid_signals():
        print(number, signal.getsignal(number))
    print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
    print(os.umask(0o22), os.getuid(), os.getgroups(), os.nice(0))
    print(resource.getrlimit(resource.RLIMIT_NOFILE))
    print(sorted(os.listdir("/proc/self/fd")))
    print(threading.active_count(), sys.getrecursionlimit())
    print(sys.getfilesystemencoding(), sys.stdin.read())
    assert False
"""

KINDS = """
import pytest

@pytest.mark.parametrize("reams", [1, 12])
def test_green(reams):
    assert reams

def test_red():
    order = {"reams": 12}
    assert order == {"reams": 13}, "an order is an order"

def test_skipped():
    pytest.skip("closed on Sundays")

def test_that_prints(capsys):
    print("Scranton")
    raise ValueError("no paper")
"""


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["-x"],
        ["-k", "green or prints"],
        ["-rA", "--tb=short", "-vv"],
        ["tests/test_kinds.py::test_green[12]"],
        ["--no-such-option"],
        ["-k", "nothing"],
        ["--co"],
        ["-p", "no:terminal"],
    ],
)
def test_every_run_prints_what_plain_pytest_prints(company, words):
    company.writes("test_kinds.py", KINDS)
    company.runs_cold()  # whatever is cached, is cached now
    assert company.runs(*words) == company.runs_cold(*words)
    assert company.server()


def test_a_test_that_cannot_be_collected_looks_the_same(company):
    company.writes("test_kinds.py", KINDS)
    company.writes("test_order.py", "from dunder import Contract\n")
    company.writes("test_slip.py", "def test_(:\n")
    cold = company.runs_cold()
    assert "ImportError: cannot import name 'Contract'" in cold[1]
    assert company.runs() == cold


def test_a_green_run_looks_the_same(company):
    company.writes("test_green.py", "def test_green(): pass\n")
    cold = company.runs_cold()
    assert (
        cold == (0, ".  [100%]\n1 passed in TIME\n", "")
        or cold[0] == 0
    )
    assert company.runs() == cold


def test_nothing_that_a_test_can_see_is_different(company):
    company.writes("test_mirror.py", MIRROR)
    company.runs_cold()
    for variables in (
        {"SOLD": "paper"},
        {"SOLD": "p\udce9per", "TZ": "Asia/Tokyo"},
        {"LC_ALL": "C", "COLUMNS": "100"},
        {"LC_ALL": "", "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        {"LC_ALL": "", "LC_CTYPE": "", "LANG": ""},
    ):
        cold = company.runs_cold(**variables)
        assert "stdout" in cold[1], cold
        assert company.runs(**variables) == cold, variables


def test_a_limit_that_the_shell_sets_holds(company):
    company.writes("test_mirror.py", MIRROR)
    company.runs()
    script = 'umask 077; ulimit -n 200; exec nice -n 5 "$@"'
    results = []
    for variables in ({}, {"STAGE_COLD": "1"}):
        command = company.command(**variables)
        command["args"] = ["sh", "-c", script, "sh", *command["args"]]
        run = subprocess.run(
            **command, capture_output=True, text=True, check=False
        )
        results.append(timeless(run.stdout))
    assert "(200, 200)" in results[0]
    assert results[0] == results[1]


def test_a_terminal_shows_the_same_colours(company):
    company.writes("test_kinds.py", KINDS)
    cold, warm = (
        timeless(on_a_terminal(company.command(**variables)))
        for variables in ({"STAGE_COLD": "1"}, {})
    )
    assert "\x1b[31m" in cold
    assert warm == cold


@pytest.mark.parametrize("end", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_crash_takes_nothing_with_it(company, end):
    company.writes(
        "test_crash.py",
        "import os, signal\n\ndef test_crash():\n"
        f"    os.kill(os.getpid(), signal.{end})\n",
    )
    company.runs("--co")
    server = company.server()
    cold, warm = company.runs_cold(), company.runs()
    # The list of calls is one longer: below runpy there is our process.
    shorter = re.sub(
        r'  File "<string>", line \d+ in <module>\n', "", warm[2]
    )
    assert (warm[0], warm[1], shorter) == cold
    assert cold[0] == 1
    company.writes("test_crash.py", "def test_well(): pass\n")
    assert company.runs()[0] == 0
    assert company.server() == server


def test_a_set_up_of_another_kind_gets_another_process(company):
    company.writes("test_well.py", "def test_well(): pass\n")
    company.runs()
    first = company.server()
    (site,) = (company.root / ".venv/lib").glob("*/site-packages")
    (site / "more.py").write_text("")
    assert company.runs()[0] == 0
    second = company.server()
    (site / "more.pth").write_text(str(company.tests))
    assert company.runs()[0] == 0
    third = company.server()
    assert company.runs(OMP_NUM_THREADS="1")[0] == 0
    assert len({first, second, third, company.server()}) == 4
    assert ends(first) and ends(second) and ends(third)


def test_maturin_develop_leaves_it_be(company):
    """It writes the record of its project anew each time, and Python's path again as it was."""
    company.writes("test_well.py", "def test_well(): pass\n")
    (site,) = (company.root / ".venv/lib").glob("*/site-packages")
    record = site / "paper-1.0.dist-info"
    editable = '{"dir_info": {"editable": %s}, "url": "file:///x"}'

    def installs(word: str) -> int:
        shutil.rmtree(record, ignore_errors=True)
        record.mkdir()
        (record / "direct_url.json").write_text(editable % word)
        path = site / "paper.pth"
        path.unlink(missing_ok=True)
        path.write_text(str(company.tests))
        assert company.runs()[0] == 0
        return company.server()

    try:
        server = installs("true")
        assert installs("true") == server
        assert installs("false") != server
    finally:
        shutil.rmtree(record)
        (site / "paper.pth").unlink()


def test_one_that_was_killed_is_replaced(company):
    company.writes("test_well.py", "def test_well(): pass\n")
    company.runs()
    first = company.server()
    os.kill(first, signal.SIGKILL)
    assert company.runs() == company.runs_cold()
    assert company.server() != first


def test_two_at_once_start_one(company):
    company.stops()
    company.writes("test_kinds.py", KINDS)
    cold = company.runs_cold()
    both = [
        subprocess.Popen(
            **company.command("-p", "no:cacheprovider"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in both:
        out, err = process.communicate()
        result = (process.returncode, timeless(out), timeless(err))
        assert result == cold
    assert company.server()


@pytest.mark.parametrize("end", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_when_nobody_waits_any_more_all_that_was_started_ends(
    company, tmp_path, end
):
    stubborn = "import signal; signal.signal(2, signal.SIG_IGN); signal.pause()"
    here, _ = waiting(company, tmp_path)
    text = (company.tests / "test_waits.py").read_text()
    start = (
        "    os.write(out, b'%d\\n' % os.getpid())\n"
        "    import sys\n"
        f"    subprocess.Popen([sys.executable, '-c', {stubborn!r}], close_fds=False)\n"
    )
    company.writes(
        "test_waits.py",
        text.replace(
            "    os.write(out, b'%d\\n' % os.getpid())\n", start
        ),
    )
    run = subprocess.Popen(
        **company.command(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with here.open() as said:
        said.readline()
        server = company.server()
        run.send_signal(getattr(signal, end))
        run.wait()
        # The pipe ends when the last of those that have it open has ended.
        assert said.read() == ""
    assert company.server() == server


def test_a_repository_that_moves_gets_its_own(company):
    company.writes("test_well.py", "def test_well(): pass\n")
    company.runs()
    first = company.server()
    old, new = company.root, company.root.with_name("moved")
    old.rename(new)
    company.root = new
    try:
        assert company.runs() == company.runs_cold()
        assert ends(first)
        assert company.server() != first
    finally:
        company.stops()
        new.rename(old)
        company.root = old


def test_it_ends_when_its_folder_is_deleted(company):
    company.writes("test_well.py", "def test_well(): pass\n")
    company.runs()
    first = company.server()
    shutil.rmtree(company.root / ".stage/warm")
    assert ends(first)
    assert company.runs()[0] == 0
    assert company.server() != first


def test_nobody_else_can_ask_it(company):
    company.writes("test_well.py", "def test_well(): pass\n")
    company.runs()
    warm = company.root / ".stage/warm"
    assert warm.stat().st_mode & 0o777 == 0o700
    company.stops()
    warm.chmod(0o755)
    try:
        assert company.runs() == company.runs_cold()
        assert company.servers() == []
    finally:
        warm.chmod(0o700)


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (["--pdb"], {}),
        (["-s"], {}),
        (["--capture=no"], {}),
        ([], {"STAGE_COLD": "1"}),
        ([], {"PYTEST_ADDOPTS": "--pdb"}),
    ],
)
def test_what_it_is_not_made_for_starts_none(
    company, words, variables
):
    company.stops()
    company.writes("test_well.py", "def test_well(): pass\n")
    assert company.runs(*words, **variables)[0] == 0
    assert company.servers() == []


def test_set_up_leaves_nothing_running(company):
    company.stops()
    company.writes("test_well.py", "def test_well(): pass\n")
    assert company.runs("--set-up")[0] == 0
    assert company.servers() == []


def test_what_lies_in_its_way_stops_nobody(company):
    company.stops()
    company.writes("test_well.py", "def test_well(): pass\n")
    shutil.rmtree(company.root / ".stage/warm", ignore_errors=True)
    (company.root / ".stage/warm").write_text("in the way")
    try:
        assert company.runs() == company.runs_cold()
    finally:
        (company.root / ".stage/warm").unlink()


def test_one_that_cannot_start_is_not_tried_at_each_run(company):
    company.stops()
    company.writes("test_well.py", "def test_well(): pass\n")
    warm = company.root / ".stage/warm"
    shutil.rmtree(warm, ignore_errors=True)
    (warm / "socket/in the way").mkdir(parents=True)
    warm.chmod(0o700)
    assert company.runs() == company.runs_cold()
    tried = (warm / "failed").stat().st_mtime_ns
    assert company.runs() == company.runs_cold()
    assert (warm / "failed").stat().st_mtime_ns == tried
    # Other circumstances may be better ones.
    (warm / "socket/in the way").rmdir()
    (warm / "socket").rmdir()
    assert company.runs(OMP_NUM_THREADS="1")[0] == 0
    assert company.server()
    shutil.rmtree(warm)


def test_numpy_is_there_where_the_lock_file_names_it(company):
    company.writes(
        "test_numpy.py",
        "import sys\n\ndef test_it_is_there():\n    assert 'numpy' in sys.modules\n\n"
        "def test_its_threads_work():\n    import numpy\n    ones = numpy.ones((300, 300))\n"
        "    assert (ones @ ones).sum() == 300**3\n\n"
        "def test_chance():\n    import numpy\n    print(numpy.random.random())\n",
    )
    lock = company.live / "Cargo.lock"
    assert company.runs()[0] == 1
    lock.write_text('[[package]]\nname = "numpy"\n')
    try:
        # From the second run on pytest has its notes.
        runs = [company.runs("-rP") for _ in range(3)]
        assert [run[0] for run in runs] == [0, 0, 0]
        assert len({run[1] for run in runs}) == 3
    finally:
        lock.unlink()


def test_an_edit_within_the_same_second_is_tested(company):
    """Python matches a compiled file to its source by length and whole seconds."""
    source = company.live / "python/dunder/price.py"
    company.writes(
        "test_price.py",
        "from dunder.price import CENTS\n\ndef test_price():\n    assert CENTS == 13\n",
    )
    clock = 1_700_000_000 * 10**9
    try:
        for moment, (cents, status) in enumerate(((12, 1), (13, 0))):
            source.write_text(f"CENTS = {cents}\n")
            os.utime(source, ns=(clock, clock + moment * 10**8))
            for cache in source.parent.glob("__pycache__/price.*"):
                os.utime(cache, ns=(clock, clock + 5 * 10**7))
            assert company.runs()[0] == status
    finally:
        source.unlink()
