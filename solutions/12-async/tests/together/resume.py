"""One thread is in `tally`, which is paused; another one resumes it."""

import faulthandler
import sys
from _thread import start_new_thread

from dunder import Progress, tally

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
progress = Progress()
progress.pause()


def press():
    while progress.done == 0:
        pass
    print("paused after", progress.done)
    progress.resume()


start_new_thread(press, ())
sums = tally("Acme;Utica;12;599\n" * 25_000, progress=progress)
print(sums, "after", progress.done)
