"""A lie in each kind of fence, planted in a clone of this repository, and found by `stage check`.

The clone borrows this repository's environment and its compiled crates; both must have been made by
`./setup.sh test`. Fences are filled in by `stage deck sync` and `stage deck record`, then bent by hand.
The file is long because each kind of fence and each thing that is proved of it has a lie of its own.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, clean_environment, clone_into

STAGE = ROOT / ".venv/bin/stage"
AT = "03-classes-done"


@dataclass
class Lie:
    """A fence as an author leaves it, how its truth is bent, and what `check` says then."""

    fence: str
    truth: str = ""
    lie: str = ""
    found: str = ""
    attributes: str = ""


LIES = {
    "rust": Lie(
        "```rust src=src/order.rs#Order::total_cents sig\n```",
        "self.reams * self.unit_price_cents",
        "self.reams + self.unit_price_cents",
        "the code is not what its source says",
    ),
    "python": Lie(
        "```python src=python/dunder/names.py#edit_distance sig\n```",
        "return above[-1]",
        "return above[0]",
        "the code is not what its source says",
    ),
    "toml": Lie(
        "```toml src=Cargo.toml#lib\n```",
        '"cdylib"',
        '"rlib"',
        "the code is not what its source says",
    ),
    "difference": Lie(
        "```diff src=pyproject.toml at=02-hello-1\n```",
        '+python-source = "python"',
        ' python-source = "python"',
        "the code is not what its source says",
    ),
    "session": Lie(
        "```pycon\n>>> from dunder import sheets\n>>> sheets(12)\n6000\n```",
        "\n6000\n",
        "\n7000\n",
        "Python says otherwise",
    ),
    "session-error": Lie(
        "```pycon\n>>> from dunder import sheets\n>>> sheets(-1)\nTraceback (most recent call last):\n"
        "OverflowError: out of range integral type conversion attempted\nwhile processing 'reams'\n```",
        "OverflowError",
        "ValueError",
        "Python says otherwise",
    ),
    "output": Lie(
        "```text run=\"python -c 'import dunder; print(dunder.sheets(12))'\"\n```",
        "6000",
        "7000",
        "prints something else: `stage deck record`",
    ),
    "exit": Lie(
        "```text run=\"python -c 'import dunder; dunder.sheets(-1)' | tail -1; exit 1\" exit=1\n```",
        " exit=1",
        "",
        "ends with exit status 1, not 0",
    ),
    "hangs": Lie(
        "```text run=\"python -c 'import time; time.sleep(0)'\" limit=2\n```",
        "sleep(0)",
        "sleep(600)",
        "did not end within 2 s, and was stopped",
    ),
    "compiles": Lie(
        "```rust compile_fail=E0616\nfn f(order: &crate::order::Order) -> i64 {\n    order.reams\n}\n```",
        "    order.reams\n",
        "    let _ = order;\n    12\n",
        "it compiles; the slide says that it is refused with E0616",
    ),
    "other-error": Lie(
        "```rust compile_fail=E0616\nfn f(order: &crate::order::Order) -> i64 {\n    order.reams\n}\n```",
        "order.reams\n",
        "order.sheep\n",
        "it is refused with E0609, not with E0616",
    ),
    "two-errors": Lie(
        "```rust compile_fail=E0308 file=src/paper.rs\nfn f() -> i64 {\n    true\n}\n```",
        "true",
        "sheep; true",
        "it is refused with E0425 and E0308, not with E0308",
    ),
    "message": Lie(
        "```rust compile_fail=E0308 file=src/paper.rs\nfn f() -> i64 {\n    true\n}\n```\n\n```text error-of=E0308\n```",
        "error[E0308]: mismatched types",
        "error[E0308]: what were you thinking?",
        "the compiler says something else: `stage deck record`",
    ),
    "older-message": Lie(
        "```rust compile_fail=E0308 file=src/slip.rs\nfn f() -> i64 {\n    true\n}\n```\n\n```text error-of=E0308\n```",
        "error[E0308]: mismatched types",
        "error[E0425]: mismatched types",
        "the compiler says something else: `stage deck record`",
    ),
    "older-message-code": Lie(
        "```rust compile_fail=E0308 file=src/slip.rs\nfn f() -> i64 {\n    true\n}\n```\n\n```text error-of=E0308\n```",
        "2 |     true",
        "2 |     sold",
        "the compiler says something else: `stage deck record`",
    ),
    "benchmark": Lie(
        "```text bench=ladder#python-dicts,maps\n```",
        "x slower",
        "x faster",
        "the code is not what its source says",
    ),
    "console": Lie(
        "```console\n$ pytest -q\n$ ./setup.sh\n```",
        "$ pytest",
        "$ pytets",
        "`pytets` is no command",
    ),
    "session-cut-short": Lie(
        "```pycon\n>>> from dunder import sheets\n>>> sheets(12)\n6000\n```",
        "from dunder import sheets\n>>> sheets(12)\n6000",
        "import os; os._exit(0)\n>>> sheets(12)\n7000",
        "Python ended before the session did",
    ),
    "session-truth": Lie(
        "```pycon\n>>> from dunder import sheets\n>>> sheets(12) == 6000\nTrue\n```",
        "\nTrue\n",
        "\n1\n",
        "Python says otherwise",
    ),
    "order-of-a-set": Lie(
        "```text run=\"python -c 'print(sorted(set(map(str, range(9)))))'\"\n```",
        "sorted(",
        "list(",
        "prints something else each time",
    ),
    "left-running": Lie(
        '```text run="sleep 0; echo sold"\n```',
        "sleep 0;",
        "sleep 600 &",
        "leaves something running that holds its output",
    ),
    "console-cargo": Lie(
        "```console\n$ cargo build --release\n```",
        "--release",
        "--relase",
        "`cargo build` knows no `--relase`",
    ),
    "console-cargo-subcommand": Lie(
        "```console\n$ cargo build\n```",
        "cargo build",
        "cargo biuld",
        "`cargo` knows no `biuld`",
    ),
    "console-maturin": Lie(
        "```console\n$ maturin develop --release\n```",
        "maturin develop",
        "maturin devlop",
        "`maturin` knows no `devlop`",
    ),
    "console-pytest": Lie(
        "```console\n$ pytest tests/test_order.py -x\n```",
        "test_order",
        "test_odrer",
        f"there is no `tests/test_odrer.py` at `{AT}`",
    ),
    "console-pytest-flag": Lie(
        "```console\n$ python -m pytest -q --maxfail=1\n```",
        "--maxfail",
        "--mostfail",
        "`pytest` knows no `--mostfail=1`",
    ),
    "console-module": Lie(
        "```console\n$ python -m dunder --customers 20\n```",
        "--customers",
        "--customer",
        "`python -m dunder` knows no `--customer`",
    ),
    "console-git": Lie(
        "```console\n$ git switch --detach 03-classes-done\n```",
        "--detach",
        "--detatch",
        "`git switch` knows no `--detatch`",
    ),
    "console-stage": Lie(
        "```console\n$ stage go 3d\n```",
        "stage go 3d",
        "stage go 99",
        "`stage go 99`: no checkpoint is called `99`",
    ),
    "console-setup": Lie(
        "```console\n$ ./setup.sh present --no-open\n```",
        "--no-open",
        "--dont-open",
        "`./setup.sh` knows no `--dont-open`",
    ),
    "in-a-sentence": Lie(
        "Type `stage next`.",
        "stage next",
        "stage nxet",
        "`stage nxet`: unrecognized subcommand `nxet`",
    ),
    "seen-tomorrow": Lie(
        '<small class="source">Source: A. Person, "Love", <https://paper.example>; seen 2026-11-23.</small>',
        "seen 2026",
        "seen 2999",
        "was seen on 2999-11-23, which is to come",
    ),
    "uncited": Lie(
        'As of 2026, Rust is loved.\n\n<small class="source">Source: A. Person, "Love", '
        "<https://paper.example>; seen 2026-11-23.</small>",
        'Source: A. Person, "Love", <https://paper.example>; seen 2026-11-23.',
        "Everybody knows.",
        "has neither an address nor a release",
        attributes="factual",
    ),
}


# What nothing could prove: each is refused, with its place, before anything is run.
REFUSED = {
    "no-source": (
        "```rust\nfn f() {}\n```",
        "nobody has compiled it",
    ),
    "other-language": ("```c\nint f();\n```", "no fence is in `c`"),
    "no-language": ("```\n7000\n```", "no fence is in ``"),
    "tildes": ("~~~text\n7000\n~~~", "output without the command"),
    "indented": (
        "    7000",
        "indented text is code here by accident",
    ),
    "listed": (
        "- a\n\n  ```console\n  $ ls\n  ```",
        "move it to the left margin",
    ),
    "quoted": (
        "> ```console\n> $ ls\n> ```",
        "move it to the left margin",
    ),
    "mislabelled": (
        "```python src=Cargo.toml\n```",
        "`Cargo.toml` is not python",
    ),
    "in-html": (
        "<details><summary>Hint</summary>\n```rust\nfn f() {}\n```\n\n</details>",
        "a fence inside HTML",
    ),
    "in-code-tags": (
        "so: <code>sheets(12) == 7000</code>",
        "code in `<code>`",
    ),
    "in-inline-code": (
        "`>>> sheets(12)`  \n`7000`",
        "lines of code, and nothing proves them",
    ),
    "in-notes": (
        "<details><summary>Speaker notes</summary>\n\n```text\n7000\n```\n\n</details>",
        "output without the command",
    ),
    "beside-a-session": (
        "```pycon\n>>> 1\n1\n\nand 7000\n```",
        "nobody proves `and 7000`",
    ),
    "in-a-traceback": (
        '```pycon\n>>> x\nTraceback (most recent call last):\n  File "dwight.py"\nNameError: x\n```',
        "nobody compares the inside of a traceback",
    ),
    "below-a-console": (
        "```console\n$ ls\n\n> 7000\n```",
        "a console shows what is typed",
    ),
    "skipped": (
        "```pycon\n>>> 1  # doctest: +SKIP\n7000\n```",
        "a doctest directive",
    ),
    "message-of-nothing": (
        "```text error-of=E0308\n```",
        "no fence above it on this slide",
    ),
}


def stage(clone: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [STAGE, "-C", clone, *words],
        env=clean_environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@dataclass
class Proof:
    clone: Path
    slides: str
    recorded: str
    findings: dict[str, str]
    others: list[str]

    def slide(self, name: str, text: str) -> str:
        return text.split(f"id=lie-{name} ")[1].split("\n---\n")[0]


@pytest.fixture(scope="module")
def proof(tmp_path_factory) -> Proof:
    clone = clone_into(tmp_path_factory.mktemp("lies") / "clone")
    (clone / ".venv").symlink_to(ROOT / ".venv")
    (clone / ".cargo").mkdir()
    config = (ROOT / ".cargo/config.toml").read_text()
    own = f'value = "{ROOT}/.venv/bin/python", relative = false'
    (clone / ".cargo/config.toml").write_text(
        re.sub(r'value = "[^"]*python", relative = true', own, config)
    )
    crates = ROOT / ".stage/check/target"
    if crates.is_dir():
        shutil.copytree(crates, clone / ".stage/check/target")
    # What is proved of wrong solutions has no part in this.
    shutil.rmtree(clone / "tests/wrong/03-classes")

    file = clone / "slides/03-classes.md"
    text = file.read_text()
    for name, lie in LIES.items():
        text += f"\n---\n\n<!-- slide id=lie-{name} min=1 at={AT} {lie.attributes}-->\n## Lie\n\n{lie.fence}\n"
    file.write_text(text)
    for words in (
        ("tags",),
        ("deck", "sync"),
        ("deck", "record", "03"),
    ):
        done = stage(clone, *words)
        assert done.returncode == 0, done.stdout + done.stderr

    recorded = file.read_text()
    slides = recorded.split("\n---\n")
    for name, lie in LIES.items():
        at = next(
            at
            for at, slide in enumerate(slides)
            if f"id=lie-{name} " in slide
        )
        assert lie.truth in slides[at], slides[at]
        slides[at] = slides[at].replace(lie.truth, lie.lie)
        if name.startswith("older-message"):
            slides[at] = re.sub(
                'with="[^"]*"', 'with="rustc 1.0.0"', slides[at]
            )
    bent = "\n---\n".join(slides)
    file.write_text(bent)

    checked = stage(clone, "check", "03")
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert file.read_text() == bent, "check changes nothing"
    findings: dict[str, str] = {}
    others = []
    for finding in checked.stdout.split("\nwrong: ")[1:]:
        place = re.match(r"slides/03-classes\.md:(\d+)", finding)
        above = (
            bent.splitlines()[: int(place[1]) + 1] if place else []
        )
        names = re.findall(r"id=lie-(\S+) ", "\n".join(above))
        if names and names[-1] not in findings:
            findings[names[-1]] = finding
        else:
            others.append(finding.splitlines()[0])
    return Proof(clone, bent, recorded, findings, others)


@pytest.mark.parametrize("name", LIES)
def test_the_lie_is_found(proof, name):
    assert LIES[name].found in proof.findings[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_nothing_could_prove_is_refused(proof, name):
    text, reason = REFUSED[name]
    file = proof.clone / "slides/03-classes.md"
    slide = f"\n---\n\n<!-- slide id=refused min=1 at={AT} -->\n## Lie\n\n{text}\n"
    file.write_text(proof.recorded + slide)
    checked = stage(proof.clone, "check", "03")
    assert checked.returncode == 1 and checked.stdout == ""
    place = re.search(
        r"where: slides/03-classes\.md:(\d+):\d+\n", checked.stderr
    )
    assert (
        reason in checked.stderr
        and checked.stderr.count("error: ") == 1
    )
    first = proof.recorded.count("\n") + 7
    assert first <= int(place[1]) < first + text.count("\n") + 1


def test_nothing_else_is_found(proof):
    """The truths that were recorded beside the lies stand; README, tags, schedule and run sheet know nothing of the new slides."""
    consequences = (
        "README.md: ",
        "docs/presenting.md: ",
        "slides/deck.toml:",
        "tags: ",
    )
    assert [
        other
        for other in proof.others
        if not other.startswith(consequences)
    ] == []


def test_a_message_is_recorded_with_its_compiler(proof):
    slide = proof.slide("message", proof.recorded)
    version = subprocess.run(
        ["rustc", "--version"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[1]
    assert f'error-of=E0308 with="rustc {version}"' in slide
    assert "error[E0308]: mismatched types\n" in slide
    assert "--> src/paper.rs:" in slide
    assert (
        "could not compile" not in slide
        and str(Path.home()) not in slide
    )
