"""`tally` is paused, and somebody presses Ctrl-C, twice."""

import faulthandler
import signal
import sys
from _thread import allocate_lock, interrupt_main, start_new_thread

from dunder import Progress, tally

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
ledger = "Acme;Utica;12;599\n" * 25_000
progress = Progress()
progress.pause()
times = []
heard = allocate_lock()
heard.acquire()


def hear(number, frame):
    times.append(number)
    if len(times) == 2:
        raise KeyboardInterrupt
    heard.release()


def press():
    while progress.done == 0:
        pass
    interrupt_main()
    heard.acquire()
    interrupt_main()


signal.signal(signal.SIGINT, hear)
start_new_thread(press, ())
try:
    tally(ledger, progress=progress)
except KeyboardInterrupt:
    print("interrupted after", progress.done)

signal.signal(signal.SIGINT, signal.default_int_handler)
asked = []


def rule(branch, cents):
    if not asked:
        interrupt_main()
    asked.append(branch)
    return cents


try:
    tally(ledger, rule=rule)
except KeyboardInterrupt:
    print("interrupted after", len(asked))
