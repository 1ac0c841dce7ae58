"""What becomes of a rule that raises, or answers nonsense."""

import faulthandler
import sys

from dunder import Progress, tally

faulthandler.dump_traceback_later(int(sys.argv[1]), exit=True)
ledger = "Acme;Utica;12;599\n" * 30_000


def refusing(branch, cents):
    raise LookupError(branch)


def nothing(branch, cents):
    pass


def too_much(branch, cents):
    return 2**63


for rule in (refusing, nothing, too_much):
    progress = Progress()
    try:
        tally(ledger, progress=progress, rule=rule)
    except (LookupError, TypeError, OverflowError) as error:
        name = type(error).__name__
        print(name, "after", progress.done, end=": ")
        print("too large" if rule is too_much else error)
