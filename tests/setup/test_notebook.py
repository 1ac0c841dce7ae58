"""The notebook in `docs/` says what the finished library says."""

import json
import os
import struct
from base64 import b64decode
from pathlib import Path

from conftest import ROOT, VENV, clean_environment, output

NOTEBOOK = ROOT / "docs/office.ipynb"
TOOLS = ROOT / ".stage/test/bin"


def executed(wheel: Path, folder: Path) -> str:
    """The notebook with the outputs of a kernel that has the library."""
    output(
        *(VENV / "uv", "pip", "install", "--quiet", "--offline"),
        *("--no-deps", "--no-index", "--python", TOOLS / "python"),
        *("--target", folder / "library", wheel),
        cwd=folder,
    )
    return output(
        *(TOOLS / "python", ROOT / "tests/setup/notebook.py"),
        cwd=folder,
        stdin=NOTEBOOK.read_text(),
        PYTHONPATH=str(folder / "library"),
        PATH=os.pathsep.join(
            [str(TOOLS), clean_environment()["PATH"]]
        ),
        MPLBACKEND="module://matplotlib_inline.backend_inline",
        IPYTHONDIR=str(folder),
        JUPYTER_CONFIG_DIR=str(folder),
        MPLCONFIGDIR=str(folder),
    )


def read(notebook: str):
    """Sources, texts and sizes of pictures, in order."""
    found = []
    for cell in json.loads(notebook)["cells"]:
        found.append("".join(cell["source"]))
        for shown in cell.get("outputs", []):
            data = shown.get("data", {})
            text = shown.get("text") or data.get("text/plain") or []
            found.append("".join(text))
            if picture := data.get("image/png"):
                size = b64decode(picture)[16:24]
                found.append(struct.unpack(">II", size))
    return found


def test_the_notebook_shows_what_it_prints(wheel, tmp_path):
    shown = executed(wheel, tmp_path)
    if os.environ.get("RECORD"):
        NOTEBOOK.write_text(shown)
    recorded = read(NOTEBOOK.read_text())
    assert read(shown) == recorded
    pictures = [it for it in recorded if isinstance(it, tuple)]
    assert len(pictures) == 1
