"""Names are compared, again and again, until another thread has run."""

import faulthandler
import sys
from _thread import allocate_lock, start_new_thread

from dunder import _dunder

faulthandler.dump_traceback_later(float(sys.argv[1]), exit=True)
sys.setswitchinterval(1_000)  # who runs Python runs on until it waits
ready, compared = allocate_lock(), allocate_lock()
ready.acquire()
compared.acquire()
ran = []


def other():
    ready.release()
    compared.acquire()
    ran.append("meanwhile")


start_new_thread(other, ())
ready.acquire()
compared.release()
names = ["Vance", "Vanse"] * 20
while not ran:
    _dunder.near_duplicates(names)
print(*ran)
