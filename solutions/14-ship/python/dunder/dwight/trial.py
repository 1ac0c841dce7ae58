"""Attacks, each in a process of its own, where it harms nobody else.

A class that was changed stays changed, and a process whose memory
was written to may end at any time: both end with that process.
"""

import json
import os
import signal
import sys

from dunder import Board
from dunder.dwight.attack import SOLD
from dunder.dwight.kinds import find

SECONDS = 30
"""For one attack. What hangs is ended by a signal, too."""


def tried(name: str) -> tuple[bool, str]:
    """Return whether it got through, and what stopped it if not."""
    run, board = find(name), Board("Dwight", [SOLD])
    try:
        through = run(board)
    except (AttributeError, TypeError, ValueError) as error:
        return False, str(error)
    return through, "" if through else "it ran, and changed nothing"


def tried_apart(name: str) -> None:
    """Print the outcome of one attack as a line of JSON."""
    process = os.fork()
    if process == 0:
        signal.alarm(SECONDS)
        print(json.dumps(tried(name)), flush=True)
        os._exit(0)  # No clean-up of what was damaged.
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):  # It broke the process: he is in.
        print(json.dumps((True, "")), flush=True)
    elif status:
        sys.exit(f"the attack {name!r} is broken itself")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        tried_apart(name)
