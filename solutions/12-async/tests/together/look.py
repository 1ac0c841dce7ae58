"""A rule is slow, and another thread looks into the till meanwhile."""

import faulthandler
import sys
from _thread import allocate_lock, start_new_thread

from dunder import Till

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
sys.setswitchinterval(1_000)  # who runs Python runs on until it waits
till = Till()
inside, called, finished = (allocate_lock() for _ in range(3))
for lock in (inside, called, finished):
    lock.acquire()


def slow(cents):
    inside.release()
    called.acquire()
    return cents + 100


def first():
    till.update(slow)
    finished.release()


start_new_thread(first, ())
inside.acquire()
called.release()
seen = till.cents
finished.acquire()
print("seen:", seen)
