"""Section 14's library, as others get it: built, published, installed, typed.

Nothing leaves this machine: the index is a server of ours, at the loopback
address, and the environment that installs from it knows no other.
"""

import inspect
import shutil
import socket
import subprocess
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from conftest import (
    FINISHED,
    ROOT,
    VENV,
    clean_environment,
    output,
    run,
)

TOOLS = ROOT / ".stage/test/bin"
PROGRAM = """
import sys, dunder, dunder.columns, numpy
assert dunder.__file__.startswith(sys.prefix), dunder.__file__
assert numpy.__file__.startswith(sys.prefix), numpy.__file__
print(dunder.near_duplicates(["Vance", "Vanse", "Schrute"]))
"""


@pytest.fixture(scope="module")
def numpy_wheel(tmp_path_factory) -> Path:
    """NumPy as .venv has it, put back into the wheel that it came in."""
    numpy = distribution("numpy")
    about = numpy.read_text("WHEEL") or ""
    (tag, *_) = (
        line.removeprefix("Tag: ")
        for line in about.splitlines()
        if line.startswith("Tag: ")
    )
    name = f"numpy-{numpy.version}-{tag}.whl"
    packed = tmp_path_factory.mktemp("numpy") / name
    with zipfile.ZipFile(packed, "w") as archive:
        for file in numpy.files or ():
            written = file.name in {"INSTALLER", "REQUESTED"}
            if ".." in file.parts or written or file.suffix == ".pyc":
                continue
            archive.write(str(file.locate()), str(file))
    return packed


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """The Python of an environment with nothing in it."""
    folder = tmp_path / "clean"
    output(
        VENV / "uv",
        *("venv", "--quiet", "--no-project", "--offline"),
        *("--python", VENV / "python", folder),
        cwd=tmp_path,
    )
    return folder / "bin/python"


@pytest.fixture
def index(tmp_path: Path):
    """An empty index that takes uploads: its folder and its address."""
    folder = tmp_path / "index"
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    anybody = ("-a", ".", "-P", ".", "--disable-fallback", "-v")
    server = subprocess.Popen(
        [TOOLS / "pypi-server", "run", "-i", "127.0.0.1"]
        + ["-p", str(port), *anybody, folder],
        env=clean_environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in server.stdout or ():
        said.append(line)
        if "istening on" in line:
            break
    else:
        pytest.fail(f"the index did not start:\n{''.join(said)}")
    yield folder, f"http://127.0.0.1:{port}"
    server.terminate()
    server.communicate()


def pip_install(python: Path, *options: str | Path) -> None:
    """What a user types. This pip is the tests', the environment is not."""
    pip = [TOOLS / "python", "-m", "pip", "--isolated"]
    output(
        *pip,
        *("--python", python, "install", "--no-cache-dir"),
        *(*options, "dunder"),
        cwd=python.parent,
    )


def assert_works(python: Path) -> None:
    folder = python.parent
    said = output(python, "-c", PROGRAM, cwd=folder)
    assert said == "[('Vance', 'Vanse')]\n"
    said = output(
        python, "-m", "dunder", "--customers", "200", cwd=folder
    )
    assert "pairs of 200 customers look like one." in said


def test_it_installs_from_a_folder_alone(wheel, numpy_wheel, clean):
    links = (wheel.parent, numpy_wheel.parent)
    found = [
        word for link in links for word in ("--find-links", link)
    ]
    pip_install(clean, "--no-index", *found)
    assert_works(clean)


def test_it_is_published_to_an_index_and_installed_from_there(
    wheel, numpy_wheel, clean, index
):
    folder, address = index
    output(
        VENV / "uv",
        *("publish", "--publish-url", f"{address}/"),
        *("--username", "dwight", "--password", "schrute"),
        *(wheel, numpy_wheel),
        cwd=folder,
        UV_OFFLINE="0",
    )
    assert (folder / wheel.name).read_bytes() == wheel.read_bytes()
    pip_install(clean, "--index-url", f"{address}/simple/")
    assert_works(clean)


def test_a_wheel_has_what_a_user_needs_and_not_dwight(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    python = {
        f"dunder/{file.relative_to(FINISHED / 'python/dunder')}"
        for file in (FINISHED / "python/dunder").rglob("*.py*")
        if file.suffix in {".py", ".pyi"}
        and "dwight" not in file.parts
    }
    about = {
        f"dunder-0.1.0.dist-info/{name}"
        for name in ("METADATA", "WHEEL", "RECORD")
    }
    rest = names - python - about - {"dunder/py.typed"}
    assert python | about | {"dunder/py.typed"} <= names
    libraries = [
        name for name in rest if name.startswith("dunder/_dunder.")
    ]
    assert len(libraries) == 1
    extra = rest - set(libraries)
    assert all("/sboms/" in name for name in extra), extra


@pytest.fixture
def typed(project, wheel, tmp_path) -> Path:
    """The project with the library of the wheel, as a checker sees it."""
    folder = tmp_path / "typed"
    shutil.copytree(
        project, folder, ignore=shutil.ignore_patterns("dist")
    )
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith("dunder/_dunder.") and not (
                name.endswith(".pyi")
            ):
                archive.extract(name, folder / "python")
    return folder


CHECKERS = {
    "mypy": (VENV / "python", "-m", "mypy", "--strict"),
    "stubtest": (
        *(VENV / "python", "-m", "mypy.stubtest"),
        "dunder._dunder",
    ),
    "basedpyright": (
        *(TOOLS / "basedpyright", "--pythonpath"),
        VENV / "python",
    ),
}


def check(checker: str, folder: Path):
    python = str(folder / "python")
    return run(
        *CHECKERS[checker],
        cwd=folder,
        MYPYPATH=python,
        PYTHONPATH=python,
    )


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_types_are_clean(checker, typed):
    checked = check(checker, typed)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("checker", "file", "right", "wrong", "said"),
    [
        (
            "stubtest",
            "python/dunder/_dunder.pyi",
            "limit: SupportsIndex = 2",
            "most: SupportsIndex = 2",
            'stub parameter "most" differs from runtime parameter',
        ),
        (
            "stubtest",
            "python/dunder/_dunder.pyi",
            "    def total(self, /) -> Money: ...\n",
            "",
            "dunder._dunder.Ledger.total is not present in stub",
        ),
        (
            "mypy",
            "tests/typed/office.py",
            "limit=1",
            'limit="one"',
            'incompatible type "str"',
        ),
        (
            "basedpyright",
            "tests/typed/office.py",
            "ledger.add(RushOrder(",
            "ledger.add(str(",
            "reportArgumentType",
        ),
    ],
)
def test_a_planted_error_is_found(
    checker, file, right, wrong, said, typed
):
    path = typed / file
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    checked = check(checker, typed)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert said in checked.stdout


def test_the_ci_is_what_maturin_generates_and_github_reads(
    project, tmp_path
):
    file = ".github/workflows/wheels.yml"
    committed = FINISHED / file
    text = committed.read_text()
    (project / file).unlink()
    output(
        VENV / "maturin",
        *("generate-ci", "github", "-o", file),
        cwd=project,
    )
    assert (project / file).read_text() == text
    schema = ("--builtin-schema", "vendor.github-workflows")
    output(TOOLS / "check-jsonschema", *schema, committed, cwd=ROOT)
    broken = tmp_path / "wheels.yml"
    broken.write_text(text.replace("runs-on:", "run-on:"))
    checked = run(
        TOOLS / "check-jsonschema", *schema, broken, cwd=ROOT
    )
    assert checked.returncode == 1, checked.stdout


def test_help_has_something_to_say_of_every_name(typed):
    asked = (
        "import dunder, inspect, pydoc\n"
        "for name in dunder.__all__:\n"
        "    thing = getattr(dunder, name)\n"
        "    assert inspect.getdoc(thing), name\n"
        "    assert pydoc.render_doc(thing), name\n"
        "plain = pydoc.plaintext\n"
        "print(pydoc.render_doc(dunder.near_duplicates, renderer=plain))\n"
    )
    said = output(
        VENV / "python",
        *("-c", asked),
        cwd=typed,
        PYTHONPATH=str(typed / "python"),
    )
    assert "near_duplicates(names, limit=2)" in said
    assert "Edits allowed, 0 to 2**63 - 1." in inspect.cleandoc(said)
