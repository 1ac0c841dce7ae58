"""Who sees the memory: tracemalloc counts Python's and NumPy's own."""

import tracemalloc

import numpy as np
import pytest

from dunder.columns import Columns, totals

MANY = 100_000
REAMS = np.full(MANY, 12, dtype=np.int64)
PRICES = np.full(MANY, 599, dtype=np.int64)
EIGHT_BYTES_EACH = 8 * MANY


@pytest.fixture
def traced():
    tracemalloc.start()

    def more(make):
        """What `make` makes, and how many bytes are traced for it."""
        before, _ = tracemalloc.get_traced_memory()
        made = make()
        after, _ = tracemalloc.get_traced_memory()
        return made, after - before

    yield more
    tracemalloc.stop()


def test_an_array_of_numpy_is_traced(traced):
    cents, size = traced(lambda: REAMS * PRICES)
    assert cents.nbytes == EIGHT_BYTES_EACH
    assert size >= EIGHT_BYTES_EACH


def test_an_array_of_rust_is_not(traced):
    cents, size = traced(lambda: totals(REAMS, PRICES))
    assert cents.nbytes == EIGHT_BYTES_EACH
    assert size < 2000


def test_kept_columns_are_not_either(traced):
    row = {"branch": "Utica", "reams": 12, "unit_price_cents": 599}
    rows = [row] * MANY
    kept, size = traced(lambda: Columns(rows))
    assert kept.reams.nbytes == EIGHT_BYTES_EACH
    assert size < 2000
