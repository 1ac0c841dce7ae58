"""Names of which all but two differ in length by more than the limit.

Who compares them letter by letter takes minutes at least.
"""

import faulthandler
import sys

from dunder import _dunder

faulthandler.dump_traceback_later(float(sys.argv[1]), exit=True)

long = ["x" * (100_000 + 3 * place) for place in range(40)]
found = _dunder.near_duplicates([*long, "Vance", "Vanse"])
assert found == [("Vance", "Vanse")]
print(len(found), "pair")
