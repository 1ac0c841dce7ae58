import gc

import numpy as np
import pytest

from dunder.columns import Columns, flag
from dunder.ladder import borrowed

ROWS = [
    {"branch": "Utica", "reams": 12, "unit_price_cents": 599},
    {"branch": "Akron", "reams": 3, "unit_price_cents": 899},
    {"branch": "Utica", "reams": 40, "unit_price_cents": 499},
]


@pytest.fixture
def kept():
    return Columns(ROWS)


def test_it_says_what_its_rows_earned(kept):
    assert kept.revenue() == borrowed(ROWS)


def test_an_empty_ledger_has_empty_columns():
    empty = Columns([])
    assert empty.revenue() == borrowed([])
    assert empty.reams.tolist() == []


def test_its_columns_are_arrays(kept):
    assert kept.branches.tolist() == [1, 3, 1]
    assert kept.branches.dtype == np.uint8
    assert kept.reams.tolist() == [12, 3, 40]
    assert kept.prices.tolist() == [599, 899, 499]
    assert kept.prices.dtype == np.int64


@pytest.mark.parametrize("name", ["branches", "reams", "prices"])
def test_a_column_is_lent_not_copied(kept, name):
    first, second = getattr(kept, name), getattr(kept, name)
    assert first.ctypes.data == second.ctypes.data
    assert not first.flags.owndata
    assert np.shares_memory(first, second)


def test_different_columns_lie_apart(kept):
    assert not np.shares_memory(kept.reams, kept.prices)


def test_a_view_keeps_the_ledger_alive():
    reams = Columns(ROWS).reams
    gc.collect()
    assert type(reams.base) is Columns
    assert reams.base.revenue() == borrowed(ROWS)
    part = reams[1:]
    del reams
    gc.collect()
    assert part.tolist() == [3, 40]


def test_dwight_can_look_and_cannot_write(kept):
    reams = kept.reams
    with pytest.raises(ValueError, match="read-only"):
        reams[0] = 1200
    with pytest.raises(ValueError, match="WRITEABLE"):
        reams.flags.writeable = True
    with pytest.raises(ValueError, match="WRITEABLE"):
        reams.setflags(write=True)
    assert kept.reams[0] == 12


def test_a_column_can_be_asked_for_while_rust_works_on_it(kept):
    told = []

    def tell(place):
        told.append(int(kept.prices[place]))

    assert flag(kept.prices, 598, tell) == 2
    assert told == [599, 899]


def test_other_libraries_see_the_view_as_a_buffer(kept):
    seen = memoryview(kept.reams)
    assert seen.readonly
    assert seen.tolist() == [12, 3, 40]


def test_a_row_that_cannot_be_read_is_an_error():
    with pytest.raises(ValueError, match="Stamford"):
        Columns([{**ROWS[0], "branch": "Stamford"}])
    with pytest.raises(KeyError, match="reams"):
        Columns([{"branch": "Utica", "unit_price_cents": 599}])
