"""Being the process that `python -m pytest` would be, as far as anything can tell."""

import io
import os
import sys
import time


def become(files, words, variables):
    """Take over a client's folder and stdin, stdout and stderr, its words for pytest, its variables."""
    os.fchdir(files[0])
    for number in range(3):
        os.dup2(files[number + 1], number)
    for file in files:
        os.close(file)
    files.clear()
    # Python itself sets it where no locale is named (PEP 538); who asks names the same as we had.
    coerced = os.environb.get(b"LC_CTYPE")
    os.environ.clear()
    os.environb.update(pair.split(b"=", 1) for pair in variables)
    if coerced is not None:
        os.environb[b"LC_CTYPE"] = coerced
    time.tzset()
    open_streams()
    words = [os.fsdecode(word) for word in words]
    sys.argv = ["-m", *words]
    sys.orig_argv = [sys.orig_argv[0], "-m", "pytest", *words]
    sys.path.insert(0, os.getcwd())
    throw_dice()


def open_streams():
    """stdin, stdout and stderr as Python opens them when it starts."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, name)
        mode = "w" if number else "r"
        buffer = open(number, mode + "b", closefd=False)  # noqa: SIM115
        buffer.raw.name = f"<{name}>"
        stream = io.TextIOWrapper(
            buffer,
            encoding=old.encoding,
            errors=old.errors,
            newline="\n",
            line_buffering=number == 2 or os.isatty(number),
        )
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def throw_dice():
    """A fork has its parent's luck, where nobody seeds anew."""
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()
