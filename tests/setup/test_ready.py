"""The process in which pytest is ready for runs of one kind: a run is a fork of it, and looks like a run of its own.

`test_warm.py` compares all that a run shows; it does so by way of this process, too. Here is what could have
changed between the moment when pytest got ready and the run. The file is long because each such change
is one case.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from company import ends, on_a_terminal, parent, timeless, waiting

pytestmark = pytest.mark.skipif(
    sys.platform != "linux",
    reason="elsewhere every run starts its own Python",
)

WELL = "def test_well(): pass\n"

# Tells whose child the run is.
PARENT = """
import os

def test_parent():
    print("child of", os.getppid())
"""


def parents(company, *words: str, **variables: str) -> list[int]:
    """Of two runs, one after the other."""
    company.writes("test_parent.py", PARENT)
    # pytest has its notes from here on.
    company.runs("-rP", *words, **variables)
    said = [
        company.runs("-rP", *words, **variables)[1] for _ in range(2)
    ]
    return [
        int(number)
        for out in said
        for number in re.findall(r"child of (\d+)", out)
    ]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["-x", "-k", "parent"],
        ["tests/test_parent.py"],
        ["tests/test_parent.py::test_parent", "--tb=short"],
        ["-p", "no:cacheprovider", "--color=no", "--maxfail=2"],
    ],
)
def test_runs_of_one_kind_have_one_parent(company, words):
    first, second = parents(company, *words)
    assert first == second != company.server()
    assert parent(first) == company.server()


@pytest.mark.parametrize(
    "words",
    [
        ["--lf"],
        ["--nf"],
        ["--sw"],
        ["--cache-clear"],
        ["--junitxml=target/tests.xml"],
        ["--log-file=target/tests.log"],
        ["-p", "dunder.names"],
        ["-ptimeit"],
        ["../live/tests"],
        ["tests/../tests"],
        ["-c", "pyproject.toml"],
        ["-o", "xfail_strict=true"],
        ["-W", "error"],
    ],
)
def test_words_that_could_mean_something_else_next_time_are_left_to_pytest(
    company, words
):
    assert parents(company, *words) == [company.server()] * 2


SETTINGS = '[tool.pytest.ini_options]\npythonpath = ["python"]\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", ""),
        (
            "pyproject.toml",
            '[tool.pytest]\npythonpath = ["python"]\n',
        ),
        ("pyproject.toml", SETTINGS + 'addopts = ["--lf"]\n'),
        ("pyproject.toml", SETTINGS + 'addopts = ["tests"]\n'),
        ("pyproject.toml", SETTINGS + 'addopts = ["-ptimeit"]\n'),
        ("pyproject.toml", SETTINGS + 'cache_dir = ".notes"\n'),
        ("pyproject.toml", SETTINGS + 'testpaths = ["te*"]\n'),
        ("pyproject.toml", SETTINGS + 'testpaths = ["./tests"]\n'),
        (
            "pyproject.toml",
            SETTINGS + 'testpaths = ["__pycache__"]\n',
        ),
        ("tests/conftest.py", ""),
        ("tests/deep/conftest.py", ""),
        ("pytest.ini", "[pytest]\n"),
        ("tests/pyproject.toml", ""),
    ],
)
def test_settings_that_could_mean_something_else_are_left_to_pytest(
    company, name, text
):
    with company.changed(name, text):
        assert parents(company) == [company.server()] * 2


def test_plugins_that_are_installed_are_left_to_pytest(company):
    (site,) = (company.root / ".venv/lib").glob("*/site-packages")
    record = site / "paper-1.0.dist-info"
    record.mkdir()
    try:
        (record / "METADATA").write_text(
            "Name: paper\nVersion: 1.0\n"
        )
        (record / "entry_points.txt").write_text(
            "[pytest11]\npaper = timeit\n"
        )
        assert parents(company) == [company.server()] * 2
    finally:
        shutil.rmtree(record)


def test_a_plugin_of_an_editable_project_that_comes_is_seen(company):
    (site,) = (company.root / ".venv/lib").glob("*/site-packages")
    record = site / "paper-1.0.dist-info"
    record.mkdir()
    try:
        (record / "METADATA").write_text(
            "Name: paper\nVersion: 1.0\n"
        )
        (record / "direct_url.json").write_text(
            '{"dir_info": {"editable": true}, "url": "file:///x"}'
        )
        first, second = parents(company)
        assert first == second != company.server()
        (record / "entry_points.txt").write_text(
            "[pytest11]\npaper = timeit\n"
        )
        assert parents(company) == [company.server()] * 2
    finally:
        shutil.rmtree(record)


def add(name: str, text: str = ""):
    def change(company):
        path = company.live / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return change


def remove(name: str):
    return lambda company: (company.live / name).unlink()


def rename(old: str, new: str):
    return lambda company: (company.live / old).rename(
        company.live / new
    )


# What is there first besides settings, the words, and what happens between two runs.
CHANGES = {
    "a file of words": (
        [
            add("words.txt", "tests/test_well.py\n-k\nwell\n"),
        ],
        ["@words.txt"],
        [add("words.txt", "tests/test_well.py\n-k\nill\n")],
    ),
    "addopts": (
        [],
        [],
        [add("pyproject.toml", SETTINGS + 'addopts = "-rA -vv"\n')],
    ),
    "addopts of one length, at one time": (
        [add("pyproject.toml", SETTINGS + 'addopts = "-rA"\n')],
        [],
        [add("pyproject.toml", SETTINGS + 'addopts = "-rP"\n')],
    ),
    "broken settings": (
        [],
        [],
        [add("pyproject.toml", SETTINGS + "addopts\n")],
    ),
    "unknown settings": (
        [],
        [],
        [add("pyproject.toml", SETTINGS + 'paper = "A4"\n')],
    ),
    "no settings": (
        [add("pyproject.toml", SETTINGS + 'addopts = "-rA"\n')],
        [],
        [remove("pyproject.toml")],
    ),
    "settings that come first": (
        [],
        [],
        [add("pytest.ini", "[pytest]\naddopts = -rA\n")],
    ),
    "a conftest": (
        [],
        [],
        [add("tests/conftest.py", "print('sold')\n1 / 0\n")],
    ),
    "a conftest that goes": (
        [
            add("tests/conftest.py", "1 / 0\n"),
        ],
        [],
        [remove("tests/conftest.py")],
    ),
    "a conftest in a new folder": (
        [],
        [],
        [
            add("tests/deep/conftest.py", "1 / 0\n"),
            add("tests/deep/test_deep.py", WELL),
        ],
    ),
    "a folder of tests that comes": (
        [
            add(
                "pyproject.toml",
                SETTINGS + 'testpaths = ["tests", "more"]\n',
            )
        ],
        [],
        [add("more/test_more.py", WELL)],
    ),
    "a folder of tests that goes": (
        [
            add(
                "pyproject.toml", SETTINGS + 'testpaths = ["more"]\n'
            ),
            add("more/test_more.py", WELL),
        ],
        [],
        [rename("more", "other")],
    ),
    "a file that becomes a folder": (
        [
            add("tests/test_both.py", WELL),
        ],
        ["tests/test_both.py"],
        [
            remove("tests/test_both.py"),
            add("tests/test_both.py/test_in_it.py", WELL),
            add("tests/test_both.py/test_too.py", WELL),
        ],
    ),
    "a file that comes": (
        [],
        ["tests/test_late.py"],
        [add("tests/test_late.py", WELL)],
    ),
    "a test that comes": (
        [],
        [],
        [add("tests/test_late.py", WELL)],
    ),
    "a module that comes": (
        [
            add("tests/test_import.py", "import late\n" + WELL),
        ],
        [],
        [add("python/late.py")],
    ),
    "a module that changes": (
        [
            add("python/late.py", "CENTS = 12\n"),
            add(
                "tests/test_cents.py",
                "import late\n\ndef test_cents():\n    assert late.CENTS == 0\n",
            ),
        ],
        [],
        [add("python/late.py", "CENTS = 144\n")],
    ),
    "a package of pytest's name": (
        [],
        [],
        [add("pluggy/__init__.py", "1 / 0\n")],
    ),
    "a module that the settings name": (
        [
            add(
                "pyproject.toml",
                SETTINGS + 'filterwarnings = ["ignore::late.Worn"]\n',
            ),
            add(
                "python/late.py", "class Worn(Warning): cents = 12\n"
            ),
            add(
                "tests/test_cents.py",
                "import late\n\ndef test_cents():\n    assert late.Worn.cents == 0\n",
            ),
        ],
        [],
        [add("python/late.py", "class Worn(Warning): cents = 144\n")],
    ),
    "a module of pytest's name": (
        [],
        [],
        [add("pluggy.py", "1 / 0\n")],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_between_two_runs_is_seen(company, name):
    before, words, between = CHANGES[name]
    company.writes("test_well.py", WELL)
    with company.changed("pyproject.toml", SETTINGS):
        for change in before:
            change(company)
        # From the second run on pytest has its notes.
        for _ in range(3):
            first = company.runs(*words)
        assert first == company.runs_cold(*words)
        for change in between:
            change(company)
        second = company.runs(*words)
        assert second == company.runs_cold(*words)
        assert second != first


def test_what_others_have_noted_stays(company):
    """pytest keeps in mind which tests failed, those of other runs among them."""
    company.writes("test_well.py", WELL)
    company.writes("test_red.py", "def test_red(): assert False\n")
    for _ in range(3):
        assert company.runs("tests/test_well.py")[0] == 0
    company.runs_cold("tests/test_red.py")
    assert company.runs("tests/test_well.py")[0] == 0
    notes = company.live / ".pytest_cache/v/cache/lastfailed"
    assert "test_red" in notes.read_text()


def test_notes_are_known_by_name(company):
    company.writes("test_well.py", WELL)
    company.writes("test_red.py", "def test_red(): assert False\n")
    company.runs_cold()
    for _ in range(3):
        company.runs("-k", "well")
    notes = company.live / ".pytest_cache/v/cache"
    (notes / "lastfailed").rename(notes / "lastfailed too")
    company.runs("-k", "well")
    assert not (notes / "lastfailed").exists()


def test_settings_that_change_while_pytest_gets_ready_are_not_kept(
    company,
):
    """A run may show what was there before or after a save, but no later run the other."""
    company.writes("test_well.py", WELL)
    settings = company.live / "pyproject.toml"
    other = SETTINGS + 'addopts = ["-rA"]\n'
    with company.changed("pyproject.toml", SETTINGS):
        company.runs("-p", "no:cacheprovider")
        cold = company.runs_cold("-p", "no:cacheprovider")
        for number in range(8):
            words = (
                f"--maxfail={number + 1}",
                "-p",
                "no:cacheprovider",
            )
            run = subprocess.Popen(
                **company.command(*words),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            time.sleep(0.01 + number * 0.004)
            settings.write_text(other)
            run.communicate()
            settings.write_text(SETTINGS)
            assert company.runs(*words) == cold, number


def test_a_folder_for_scratch_files_may_come_and_go(
    company, tmp_path
):
    company.writes(
        "test_where.py",
        "import tempfile\n\ndef test_where():\n"
        "    print('at', tempfile.gettempdir())\n    assert 0\n",
    )
    place = tmp_path / "scratch"

    def where() -> str:
        _, out, _ = company.runs(TMPDIR=str(place))
        (at,) = re.findall("^at (.*)", out, re.MULTILINE)
        return at

    for _ in range(3):
        assert where() == "/tmp"
    place.mkdir()
    assert where() == str(place)
    company.runs(TMPDIR=str(place))
    shutil.rmtree(place)
    assert where() == "/tmp"


def test_a_module_that_python_alone_has_not_imported_is_the_projects(
    company,
):
    for name in ("termios", "fcntl", "tomllib", "selectors"):
        with company.changed(f"python/{name}.py", "OURS = 1\n"):
            text = (
                f"def test_ours(): print({name}.__file__); assert 0\n"
            )
            company.writes("test_ours.py", f"import {name}\n\n{text}")
            runs = [company.runs(), company.runs()]
            assert runs == [company.runs_cold()] * 2
            warm, cold = (
                timeless(on_a_terminal(company.command(**more)))
                for more in ({}, {"STAGE_COLD": "1"})
            )
            assert warm == cold


def test_behind_a_link_nobody_looks(company, tmp_path):
    (company.tests / "link").symlink_to(tmp_path)
    try:
        assert parents(company) == [company.server()] * 2
    finally:
        (company.tests / "link").unlink()


def test_variables_and_the_width_of_the_terminal_count(company):
    company.writes("test_parent.py", PARENT)
    for _ in range(2):
        company.runs("-rP")
    narrow, wide = (
        company.runs("-rP", COLUMNS=width)[1]
        for width in ("60", "90")
    )
    assert max(map(len, narrow.splitlines())) == 60
    assert max(map(len, wide.splitlines())) == 90
    company.writes(
        "test_many.py",
        "import pytest\n\n@pytest.mark.parametrize('number', range(99))\n"
        "def test_many(number): pass\n",
    )
    for width in (50, 70):
        said = [
            on_a_terminal(
                company.command("-rP", COLUMNS="", **more), width
            )
            for more in ({}, {"STAGE_COLD": "1"})
        ]
        warm, cold = (
            re.sub(r"child of \d+", "", timeless(text))
            for text in said
        )
        assert warm == cold
        assert "\x1b[32m.\x1b[0m" * (width - 8) in warm


def test_streams_are_of_the_kind_that_was_given(company, tmp_path):
    """A file, a pipe and nothing differ in what a stream can do."""
    told, out = tmp_path / "told", tmp_path / "out"
    company.writes(
        "test_streams.py",
        "import os, sys\n\ndef test_streams(capfd):\n"
        "    with capfd.disabled():\n"
        f"        with open({str(told)!r}, 'w') as told:\n"
        "            for stream in (sys.__stdout__, sys.__stderr__):\n"
        "                print(stream.seekable(), stream.isatty(), file=told)\n"
        "                print(os.fstat(stream.fileno()).st_mode, file=told)\n",
    )

    def shown(kind: str, **variables: str) -> tuple[str, str]:
        with out.open("w") as file:
            stdout = {
                "nothing": subprocess.DEVNULL,
                "pipe": subprocess.PIPE,
            }.get(kind, file)
            run = subprocess.run(
                **company.command(**variables),
                stdout=stdout,
                stderr=subprocess.STDOUT
                if kind == "both"
                else stdout,
                check=True,
            )
        said = run.stdout.decode() if run.stdout else out.read_text()
        return told.read_text(), timeless(said)

    kinds = ["file", "pipe", "nothing", "both"]
    cold = [shown(kind, STAGE_COLD="1") for kind in kinds]
    assert [shown(kind) for kind in kinds] == cold
    assert [shown(kind) for kind in kinds] == cold
    assert len(set(cold)) > 2


def test_two_runs_at_once_do_not_hear_each_other(company, tmp_path):
    """What is captured goes to a file, of which each run has its own."""
    here = tmp_path / "here"
    os.mkfifo(here)
    company.writes(
        "test_waits.py",
        "import os\n\ndef test_waits():\n"
        "    me = str(os.getpid())\n"
        "    print('printed by', me)\n"
        "    os.write(2, b'written by ' + me.encode())\n"
        f"    go = os.path.join({str(tmp_path)!r}, me)\n"
        "    os.mkfifo(go)\n"
        f"    with open({str(here)!r}, 'w') as out:\n"
        "        out.write(me)\n"
        "    open(go).read()\n"
        "    print('and later by', me)\n"
        "    assert False\n",
    )

    def begin():
        run = subprocess.Popen(
            **company.command(), stdout=subprocess.PIPE, text=True
        )
        return run, here.read_text()

    def ending(run, me):
        (tmp_path / me).write_text("go")
        return run.communicate()[0]

    # pytest has its notes from here on.
    ending(*begin())
    first, second = begin(), begin()
    assert parent(int(first[1])) == parent(int(second[1]))
    assert parent(int(first[1])) != company.server()
    # The first has printed before the second, and goes on after it.
    for (run, me), other in ((second, first[1]), (first, second[1])):
        said = ending(run, me)
        for words in ("printed", "written", "and later"):
            assert f"{words} by {me}" in said
        assert other not in said


def test_time_is_that_of_the_run(company, tmp_path):
    told = tmp_path / "told"
    company.writes(
        "test_time.py",
        "import time\n\ndef test_time(pytestconfig):\n"
        "    reporter = pytestconfig.pluginmanager.getplugin('terminalreporter')\n"
        f"    with open({str(told)!r}, 'w') as told:\n"
        "        print(reporter._session_start.time, file=told)\n",
    )
    for _ in range(3):
        before = time.time()
        company.runs()
        assert before < float(told.read_text()) < time.time()


def test_chance_is_that_of_the_run(company, tmp_path):
    company.writes(
        "test_chance.py",
        "import random, tempfile, uuid\n\ndef test_chance(tmp_path):\n"
        "    print('chances', random.random(), uuid.uuid4(), tempfile.mktemp(), tmp_path)\n",
    )
    scratch = str(tmp_path)
    company.runs("-rP", TMPDIR=scratch)
    first, second = (
        re.findall(r"chances (\S+) (\S+) (\S+) (\S+)", text)[0]
        for _, text, _ in (
            company.runs("-rP", TMPDIR=scratch) for _ in range(2)
        )
    )
    assert not set(first) & set(second)


# At its end Python takes apart what is left, and the last words of that are heard.
LAST_WORDS = """
import atexit, os, sys
import pytest

class Loud:
    def __init__(self, name):
        self.name = name
    def __del__(self, write=os.write):
        write(2, f"{self.name} gone\\n".encode())

@pytest.fixture(scope="session")
def kept():
    return Loud("kept")

everywhere = Loud("global")
everywhere.itself = Loud("of a global")
sys.ours = Loud("of sys")
pytest.ours = Loud("of pytest")
atexit.register(os.write, 2, b"at exit\\n")

def test_red(kept, request):
    local = Loud("local")
    request.session.ours = Loud("of the session")
    request.config.ours = Loud("of the settings")
    cycle = [Loud("of a cycle")]
    cycle.append(cycle)
    assert not local
"""


def test_the_end_is_that_of_the_run(company):
    company.writes("test_end.py", LAST_WORDS)
    for _ in range(3):
        code, out, said = company.runs()
    cold = company.runs_cold()
    assert (code, out) == cold[:2]
    assert sorted(said.splitlines()) == sorted(cold[2].splitlines())
    assert "global gone" in said


def test_one_that_was_killed_is_replaced(company):
    first, _ = parents(company)
    os.kill(first, signal.SIGKILL)
    second, _ = parents(company)
    assert first != second != company.server()


def test_one_that_is_killed_at_work_leaves_the_run_to_another(
    company, tmp_path
):
    here, go = waiting(company, tmp_path)
    run = subprocess.Popen(
        **company.command(), stdout=subprocess.PIPE, text=True
    )
    with here.open() as said:
        first = int(said.readline())
        os.kill(parent(first), signal.SIGKILL)
        assert ends(first), "the run that nobody waits for is stopped"
    with here.open() as said:
        assert int(said.readline()) != first
        go.write_text("go")
    out, _ = run.communicate()
    assert run.returncode == 0
    assert out.count("1 passed") == 1


def test_a_run_outlives_the_server(company, tmp_path):
    here, go = waiting(company, tmp_path)
    run = subprocess.Popen(
        **company.command(), stdout=subprocess.PIPE, text=True
    )
    with here.open() as said:
        mother = parent(int(said.readline()))
        server = company.server()
        assert mother != server
        os.kill(server, signal.SIGKILL)
        assert ends(server)
        go.write_text("go")
    assert "1 passed" in run.communicate()[0]
    assert run.returncode == 0
    assert ends(mother)


def test_few_are_kept_and_none_without_a_server(company):
    mothers = [
        parents(company, f"--maxfail={number}")[0]
        for number in range(1, 7)
    ]
    assert len(set(mothers)) == 6
    assert ends(mothers[0]) and ends(mothers[1])
    server = company.server()
    assert parent(mothers[-1]) == server
    os.kill(server, signal.SIGKILL)
    assert all(ends(mother) for mother in mothers)
