"""A rule is slow, and another thread uses the same till meanwhile."""

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
asked = []


def slow(cents):
    asked.append(cents)
    if len(asked) == 1:
        inside.release()
        called.acquire()
    return cents + 100


def first():
    till.update(slow)
    finished.release()


start_new_thread(first, ())
inside.acquire()
called.release()
try:
    till.update(lambda cents: (cents + 599) * 2)
finally:
    finished.acquire()
print("in the till:", till.cents)
