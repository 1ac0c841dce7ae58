"""The Rust program that section 09 shows: it starts Python instead of being loaded by it.

Set-up's `.cargo/config.toml` tells PyO3 to build extensions, and an executable of those does not link. cargo
reads that file from the folder that it is called in, so it is called in another one here.
"""

import re
import subprocess
import sysconfig

from conftest import ROOT, clean_environment

STEM = "09-python"
TARGET = ROOT / ".stage" / "embed"
# What linkers say of a library that is not there: ld, lld, macOS.
NO_LIBRARY = r"(cannot find|unable to find library|library not found for|library '?) ?-?l?'?python3"


def build(folder):
    options = {
        "--example": "till",
        "--manifest-path": ROOT / "solutions" / STEM / "Cargo.toml",
        "--target-dir": TARGET,
    }
    words = [word for option in options.items() for word in option]
    return subprocess.run(
        ["cargo", "build", "--locked", *words],
        cwd=folder,
        env=clean_environment()
        | {
            "CARGO_NET_OFFLINE": "true",
            "CARGO_PROFILE_DEV_DEBUG": "0",
            "PYO3_PYTHON": str(ROOT / ".venv/bin/python"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_till_asks_dwight_where_python_has_a_library(tmp_path):
    slide = (ROOT / "slides" / f"{STEM}.md").read_text()
    [said] = re.findall(r"`(Acme pays .*)`", slide)
    built = build(tmp_path)
    if built.returncode:
        # It was compiled; only Python's library was missing.
        assert re.search(NO_LIBRARY, built.stderr), built.stderr
        assert "error[" not in built.stderr
        return
    folder = sysconfig.get_config_var("LIBDIR")
    till = subprocess.run(
        [TARGET / "debug/examples/till"],
        env=clean_environment()
        | {"LD_LIBRARY_PATH": folder, "DYLD_LIBRARY_PATH": folder},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (till.returncode, till.stderr) == (0, "")
    assert till.stdout == f"{said}\n"
