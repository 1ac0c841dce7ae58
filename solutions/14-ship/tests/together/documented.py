"""What the docstrings show."""

import doctest
import faulthandler
import sys

import dunder.loopback
import dunder.wire

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
for module in dunder.loopback, dunder.wire:
    failed, tried = doctest.testmod(module)
    print(f"{module.__name__}: {failed} of {tried} failed")
