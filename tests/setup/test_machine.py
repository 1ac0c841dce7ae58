"""Each thing that can be wrong with a machine, and what a newcomer is told about it.

The file is long because each of them is a test.
"""

import contextlib
import os
import shutil
import ssl
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import NO_RETRIES, ROOT, Machine, git


def assert_nothing_made(clone: Path) -> None:
    assert not (clone / ".venv").exists()
    assert not (clone / "target").exists()
    assert git(clone, "status", "--porcelain") == ""


def test_an_unknown_word_prints_the_usage_and_ends_with_2(
    clone, machine
):
    result = machine.run("./setup.sh", "prezent", cwd=clone)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(
        "error: ./setup.sh cannot use `prezent`\n\nUsage: ./setup.sh "
    )
    assert_nothing_made(clone)


@pytest.mark.parametrize(
    "words",
    [
        ["--port"],
        ["--port", "soon"],
        ["--fast"],
        ["--no-open", "now"],
    ],
)
def test_a_wrong_option_is_found_before_anything_is_built(
    clone, machine, words
):
    result = machine.run("./setup.sh", "present", *words, cwd=clone)
    assert result.returncode == 2
    assert (
        f"cannot use `{words[-1] if words[0] == '--no-open' else words[0]}`"
        in result.stderr
    )
    assert_nothing_made(clone)


def test_help_ends_with_0(clone, machine):
    result = machine.run("./setup.sh", "--help", cwd=clone)
    assert (result.returncode, result.stderr) == (0, "")
    for word in (
        "present",
        "test",
        "STAGE_PYTHON",
        "STAGE_NO_INSTALL",
        "UV_SYSTEM_CERTS",
    ):
        assert word in result.stdout


def test_a_zip_download_is_told_to_clone(
    tmp_path, machine, assert_says
):
    folder = tmp_path / "rust-under-python-main"
    folder.mkdir()
    archive = subprocess.Popen(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE
    )
    subprocess.run(
        ["tar", "-x"], cwd=folder, stdin=archive.stdout, check=True
    )
    assert archive.wait() == 0
    result = machine.install("git").run("./setup.sh", cwd=folder)
    assert_says(
        result,
        what="not a git repository",
        where=str(folder),
        mend="git clone",
    )
    assert not (folder / ".stage").exists()


def test_a_zip_download_inside_another_repository_is_not_taken_for_it(
    clone, machine, assert_says
):
    folder = clone / "unpacked"
    folder.mkdir()
    shutil.copy(clone / "setup.sh", folder)
    result = machine.install("git").run("./setup.sh", cwd=folder)
    assert_says(
        result,
        what="not a git repository",
        where=str(folder),
        mend="git clone",
    )


@pytest.mark.parametrize(
    ("tool", "what"),
    [
        ("git", "no git"),
        ("cc", "no C compiler"),
        ("rust", "no Rust"),
        ("python", "no Python, needed is 3.11"),
    ],
)
def test_a_missing_tool_is_named(
    clone, machine, assert_says, tool, what
):
    result = machine.install_all_but(tool).run(
        "./setup.sh", cwd=clone
    )
    assert_says(
        result,
        what=what,
        where=str(machine.bin),
        mend="then run `./setup.sh` again",
    )
    assert_nothing_made(clone)


def test_all_that_is_missing_is_said_at_once(
    clone, machine, assert_says
):
    result = machine.run("./setup.sh", "test", cwd=clone)
    for what in ("no git", "no C compiler", "no Rust", "no Python"):
        assert_says(
            result,
            what=what,
            where=str(machine.bin),
            mend="then run `./setup.sh test` again",
        )


def test_a_clone_inside_another_cargo_workspace_is_told_to_move(
    clone, machine, assert_says
):
    (clone.parent / "Cargo.toml").write_text(
        "[workspace]\nmembers = []\n"
    )
    machine.install_all_but()
    result = machine.run("./setup.sh", cwd=clone)
    assert_says(
        result,
        what="this clone lies inside another cargo workspace",
        where=str(clone.parent / "Cargo.toml"),
        mend="move the clone out of that folder",
    )
    assert_nothing_made(clone)


def test_rust_1_63_is_too_old(clone, machine, assert_says):
    machine.install_all_but("rust")
    for tool in ("rustc", "cargo"):
        machine.script(
            tool, f"echo '{tool} 1.63.0 (4b91a6ea7 2022-08-08)'"
        )
    result = machine.run("./setup.sh", cwd=clone)
    assert_says(
        result,
        what="`rustc` is 1.63, needed is 1.85",
        where=str(machine.bin),
        mend="rustup",
    )
    assert_nothing_made(clone)


def test_a_c_compiler_without_libc_is_found_out(
    clone, machine, assert_says
):
    machine.install_all_but("cc").add("ld", "as")
    machine.script(
        "cc",
        f'exec {shutil.which("cc")} --sysroot=/nonexistent -nostdinc "$@"',
    )
    result = machine.run("./setup.sh", cwd=clone)
    assert_says(
        result,
        what="`cc` cannot make a program (",
        where=str(machine.bin),
        mend="again",
    )
    assert "stdlib.h" in result.stderr
    assert_nothing_made(clone)


def find_python_3_8() -> str | None:
    """A real one, of pyenv or the system; its shims do not count, they only ask for a version."""
    found = sorted(
        Path.home().glob(".pyenv/versions/3.8*/bin/python3.8")
    )
    return str(found[0]) if found else shutil.which("python3.8")


def test_python_3_8_is_too_old(clone, machine, assert_says):
    machine.install_all_but("python")
    if real := find_python_3_8():
        machine.name_python(real)
    else:
        machine.script("python3", "echo 3.8 /usr/bin/python3")
    result = machine.run("./setup.sh", cwd=clone)
    assert_says(
        result,
        what="`python3` is Python 3.8, needed is 3.11 to 3.15",
        where=str(machine.bin),
        mend="again",
    )
    assert_nothing_made(clone)


def test_a_wrong_STAGE_PYTHON_is_not_passed_over(
    clone, machine, assert_says
):
    result = machine.install_all_but().run(
        "./setup.sh", cwd=clone, STAGE_PYTHON="/no such/python"
    )
    assert_says(
        result,
        what="no Python at /no such/python",
        where=str(machine.bin),
        mend="STAGE_PYTHON=/path/to/python",
    )
    assert_nothing_made(clone)


@pytest.mark.skipif(
    not shutil.which("apt-get"),
    reason="only Debian and its like have apt-get",
)
def test_where_it_may_not_install_it_prints_the_one_command(
    clone, machine, assert_says
):
    machine.install_all_but("git", "cc").add("apt-get", "apt-cache")
    result = machine.run("./setup.sh", cwd=clone)
    sudo = "" if os.geteuid() == 0 else "sudo "
    command = f"{sudo}apt-get update && {sudo}apt-get install --yes git gcc libc6-dev"
    mend = f"run `{command}`; then run `./setup.sh` again"
    assert_says(
        result,
        what="no git; no C compiler",
        where=str(machine.bin),
        mend=mend,
    )
    assert_nothing_made(clone)


def test_it_runs_from_any_folder_and_through_a_link(
    clone, tmp_path, machine, assert_says
):
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "link").symlink_to(clone / "setup.sh")
    (elsewhere / "link to link").symlink_to("link")
    result = machine.install("git", "cc", "python").run(
        elsewhere / "link to link", cwd=elsewhere
    )
    assert_says(
        result, what="no Rust", where=str(machine.bin), mend="again"
    )
    assert {path.name for path in elsewhere.iterdir()} == {
        "link",
        "link to link",
    }
    assert (clone / ".stage").is_dir()


def test_without_network_it_says_what_is_missing_and_that_it_goes_on(
    clone, machine: Machine, assert_says
):
    result = machine.install_all_but().run(
        "./setup.sh", cwd=clone, offline=True
    )
    assert_says(
        result,
        what="could not get uv",
        where="exit status",
        mend="connect to the network",
    )
    assert result.stderr.endswith(
        "then run `./setup.sh`: it goes on from here\n"
    )
    assert git(clone, "status", "--porcelain") == ""


@pytest.mark.skipif(
    not (ROOT / ".stage/uv").is_dir(),
    reason="this machine's uv is the system's",
)
def test_without_network_for_the_crates_what_was_got_before_stays(
    clone, machine, assert_says
):
    machine.share_caches().install_all_but()
    machine.variables["CARGO_HOME"] = str(machine.home / "empty")
    shutil.copytree(ROOT / ".stage/uv", clone / ".stage/uv")
    result = machine.run("./setup.sh", cwd=clone, offline=True)
    assert_says(
        result,
        what="could not build stage",
        where="cargo build --locked",
        mend="connect to the network",
    )
    assert (clone / ".venv/bin/pytest").exists()
    assert git(clone, "status", "--porcelain") == ""


@pytest.fixture
def stranger(tmp_path):
    """The address of a server whose certificate nobody on this machine trusts, as behind a TLS-inspecting proxy."""
    files = [
        str(tmp_path / name)
        for name in ("certificate.pem", "key.pem")
    ]
    words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -out"
    command = [
        "openssl",
        *words.split(),
        files[0],
        "-keyout",
        files[1],
    ]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), SimpleHTTPRequestHandler
    )
    server.handle_error = lambda *_: (
        None
    )  # that the client hangs up is the point
    server.socket = context.wrap_socket(
        server.socket, server_side=True
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}/simple"
    server.shutdown()


@pytest.mark.skipif(
    not shutil.which("openssl"),
    reason="openssl makes the certificate",
)
@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_a_certificate_that_is_not_trusted_is_told_from_a_missing_network(
    clone, machine, assert_says, stranger, tool
):
    machine.install_all_but()
    if tool == "uv":
        if not (ROOT / ".stage/uv").is_dir():
            pytest.skip("this machine's uv is the system's")
        shutil.copytree(ROOT / ".stage/uv", clone / ".stage/uv")
    result = machine.run(
        "./setup.sh",
        cwd=clone,
        PIP_INDEX_URL=stranger,
        UV_DEFAULT_INDEX=stranger,
        UV_CACHE_DIR=str(machine.home / "empty"),
        NO_PROXY="127.0.0.1",
        no_proxy="127.0.0.1",
        **NO_RETRIES,
    )
    what = {
        "pip": "could not get uv",
        "uv": "could not install what requirements/",
    }
    mend = "UV_SYSTEM_CERTS=1 ./setup.sh"
    assert_says(
        result, what=what[tool], where="exit status", mend=mend
    )


def with_a_cargo_that_only(machine: Machine, script: str) -> None:
    """All else is there, so set-up comes as far as its first build."""
    machine.share_caches().install_all_but("rust").add("rustc")
    machine.variables["CARGO_HOME"] = str(
        machine.home.parent / "cargo"
    )
    machine.variables["RUSTUP_HOME"] = str(Path.home() / ".rustup")
    real = shutil.which("cargo")
    machine.script(
        "cargo",
        f'[ "$1" != --version ] || exec {real} "$@"\n{script}',
    )


def test_a_half_made_environment_is_made_anew(clone, machine):
    with_a_cargo_that_only(machine, "exit 101")
    first = machine.run("./setup.sh", cwd=clone)
    assert "setup: make .venv" in first.stdout, first.stderr
    venv = clone / ".venv"
    (venv / ".installed.txt").unlink()
    for metadata in venv.glob(
        "lib/python*/site-packages/numpy-*/METADATA"
    ):
        metadata.unlink()
    again = machine.run("./setup.sh", cwd=clone, offline=True)
    assert "setup: make .venv" in again.stdout, again.stderr
    assert "could not build stage" in again.stderr
    numpy = machine.run(
        venv / "bin/python", "-c", "import numpy", cwd=clone
    )
    assert numpy.returncode == 0, numpy.stderr


def test_on_a_terminal_a_long_step_says_how_far_it_is(clone, machine):
    with_a_cargo_that_only(
        machine, "echo '   Compiling paper v0.1.0'; sleep 3; exit 101"
    )
    ours, theirs = os.openpty()
    with subprocess.Popen(
        ["./setup.sh"],
        cwd=clone,
        env=machine.variables,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        os.close(theirs)
        shown = b""
        # Linux ends a terminal that nobody writes to any more with an error.
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 1024):
                shown += piece
        said = running.stderr.read()
    os.close(ours)
    assert running.returncode == 1, said
    assert b"setup: build stage\r\n" in shown
    # Over each other, and gone at the end.
    assert b"\r\x1b[K      Compiling paper v0.1.0" in shown
    assert shown.endswith(b"\r\x1b[K")
    assert "`cargo build" in said
