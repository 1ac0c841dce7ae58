"""A rule that two threads must ask at once: each waits for the other."""

import faulthandler
import os
import sys
from threading import Barrier, get_ident

os.environ["RAYON_NUM_THREADS"] = "2"

from dunder import tally

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
both = Barrier(2)
threads = set()


def rule(branch, cents):
    if branch != "Nashua":
        both.wait()
        threads.add(get_ident())
    return cents // 2


lines = ["Acme;Nashua;1;100"] * 2_000
lines[0] = "Acme;Utica;12;599"
lines[1_000] = "Vance;Akron;3;500"
print(tally("\n".join(lines), rule=rule))
print(len(threads), "threads,", get_ident() in threads)
