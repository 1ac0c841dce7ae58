"""The first thread that needs `Decimal` is slow; a second needs it, too."""

import decimal
import faulthandler
import sys
from _thread import allocate_lock, start_new_thread
from types import ModuleType

from dunder import Money

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
sys.setswitchinterval(1_000)  # who runs Python runs on until it waits
inside, called, finished = (allocate_lock() for _ in range(3))
for lock in (inside, called, finished):
    lock.acquire()
asked = []


class Slow(ModuleType):
    def __getattr__(self, name):
        asked.append(name)
        if len(asked) == 1:
            inside.release()
            called.acquire()
        return getattr(decimal, name)


sys.modules["decimal"] = Slow("decimal")


def first():
    print("first:", repr(Money(599).amount))
    finished.release()


start_new_thread(first, ())
inside.acquire()
called.release()
amount = Money(100).amount
finished.acquire()
print("second:", repr(amount))
