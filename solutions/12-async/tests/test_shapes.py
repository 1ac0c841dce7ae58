"""An array has a right answer, or an error that says what is wanted."""

import numpy as np
import pytest

from dunder.columns import yearly
from dunder.ladder import columns

REAMS = np.array([12, 3, 40, 7, 1], dtype=np.int64)
PRICES = np.array([599, 899, 499, 599, 799], dtype=np.int64)
UTICA = np.ones(5, dtype=np.uint8)
EXPECTED = int((REAMS * PRICES).sum())


def utica(reams, prices=PRICES):
    return columns(UTICA[: len(prices)], reams, prices)["Utica"]


def packed():
    """Records without padding: their fields are not aligned."""
    kind = [("branch", "u1"), ("reams", "i8")]
    rows = np.zeros(5, dtype=kind)
    rows["reams"] = REAMS
    return rows


def read_only():
    reams = REAMS.copy()
    reams.flags.writeable = False
    return reams


@pytest.mark.parametrize(
    "reams",
    [
        REAMS,
        np.repeat(REAMS, 3)[::3],
        REAMS[::-1].copy()[::-1],
        np.stack([REAMS, PRICES], axis=1)[:, 0],
        packed()["reams"],
        np.frombuffer(b"\0" + REAMS.tobytes(), dtype="i8", offset=1),
        read_only(),
    ],
    ids=[
        "in one piece",
        "every third",
        "backwards",
        "a column of a table",
        "a field of packed records",
        "at an odd address",
        "read-only",
    ],
)
def test_however_it_lies_in_memory_the_sum_is_right(reams):
    assert utica(reams) == EXPECTED


def test_one_number_for_all_is_right_too():
    reams = np.broadcast_to(np.int64(2), 5)
    assert utica(reams) == 2 * PRICES.sum()


def test_an_empty_column_is_no_error():
    none = np.array([], dtype=np.int64)
    assert utica(none, none) == 0
    assert utica(REAMS[:0], PRICES[5:]) == 0


@pytest.mark.parametrize(
    ("reams", "found"),
    [
        ([12, 3, 40, 7, 1], "list"),
        (REAMS.astype("f8"), "1-d of float64"),
        (REAMS.astype("i4"), "1-d of int32"),
        (REAMS.astype("u8"), "1-d of uint64"),
        (REAMS.astype(">i8"), "1-d of >i8"),
        (REAMS.astype(object), "1-d of object"),
        (REAMS > 5, "1-d of bool"),
        (REAMS.reshape(5, 1), "2-d of int64"),
        (np.array(12, dtype="i8"), "0-d of int64"),
        (np.int64(12), "int64"),
        (None, "NoneType"),
    ],
)
def test_what_does_not_fit_is_named(reams, found):
    with pytest.raises(TypeError) as caught:
        utica(reams)
    wanted = "must be a NumPy array, 1-d of int64, not "
    assert str(caught.value) == wanted + found
    assert caught.value.__notes__ == ["while processing 'reams'"]


TABLE = np.arange(12, dtype=np.int64).reshape(4, 3)
YEARS = [3, 12, 21, 30]


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        np.asfortranarray(TABLE),
        TABLE.T.copy().T,
        np.repeat(TABLE, 2, axis=1)[:, ::2],
        TABLE[::-1].copy()[::-1],
    ],
    ids=["C", "Fortran", "transposed twice", "strided", "backwards"],
)
def test_a_row_is_a_row_in_any_order(table):
    assert yearly(table).tolist() == YEARS


def test_the_other_way_round_the_columns_are_summed():
    assert yearly(TABLE.T).tolist() == TABLE.sum(axis=0).tolist()


@pytest.mark.parametrize(
    ("shape", "years"),
    [((4, 0), [0] * 4), ((0, 3), []), ((0, 0), [])],
)
def test_no_months_or_no_branches_are_no_error(shape, years):
    table = np.zeros(shape, dtype=np.int64)
    assert yearly(table).tolist() == years


def test_a_field_of_packed_records_is_right_as_a_table_too():
    rows = np.zeros((4, 3), dtype=[("branch", "u1"), ("reams", "i8")])
    rows["reams"] = TABLE
    assert yearly(rows["reams"]).tolist() == YEARS


def test_a_year_that_is_too_much_is_an_error():
    table = np.full((1, 2), 2**62, dtype=np.int64)
    with pytest.raises(OverflowError, match="more than"):
        yearly(table)


def test_a_table_of_one_axis_is_refused():
    with pytest.raises(
        TypeError, match="2-d of int64, not 1-d of int64"
    ):
        yearly(REAMS)
