import doctest
from array import array

import numpy as np
import pytest

import dunder.columns
from dunder.columns import counted, flag, totals

REAMS = np.array([12, 3, 40], dtype=np.int64)
PRICES = np.array([599, 899, 499], dtype=np.int64)


def test_totals_are_an_array_of_numpy():
    cents = totals(REAMS, PRICES)
    assert type(cents) is np.ndarray
    assert cents.dtype == np.int64
    assert cents.tolist() == [7188, 2697, 19960]


def test_the_totals_are_yours_to_change_and_outlive_the_columns():
    cents = totals(REAMS.copy(), PRICES.copy())
    cents += 1
    assert cents.tolist() == [7189, 2698, 19961]


def test_the_memory_of_the_totals_was_not_copied_from_rust():
    cents = totals(REAMS, PRICES)
    assert not cents.flags.owndata
    assert "SliceContainer" in type(cents.base).__name__


def test_no_orders_have_no_totals():
    assert totals(REAMS[:0], PRICES[:0]).tolist() == []


def test_a_product_that_is_too_much_is_an_error():
    much = np.array([2**62], dtype=np.int64)
    with pytest.raises(OverflowError, match="more than"):
        totals(much, np.array([2], dtype=np.int64))


def test_totals_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"not \[3, 2\]$"):
        totals(REAMS, PRICES[:2])


def test_one_column_may_stand_twice_since_it_is_only_read():
    assert totals(REAMS, REAMS).tolist() == [144, 9, 1600]


def test_what_is_above_the_limit_is_told():
    told = []
    assert flag(PRICES, 598, told.append) == 2
    assert told == [0, 1]


def test_the_limit_itself_is_not_above_it():
    told = []
    assert flag(PRICES, 899, told.append) == 0
    assert told == []


def test_what_the_listener_raises_is_raised():
    def tell(place):
        raise LookupError(place)

    with pytest.raises(LookupError, match="0"):
        flag(PRICES, 0, tell)


def test_a_listener_who_writes_changes_nothing_of_what_is_told():
    prices, told = PRICES.copy(), []

    def dwight(place):
        told.append(place)
        prices[:] = 1

    assert flag(prices, 500, dwight) == 2
    assert told == [0, 1]


def test_a_listener_may_ask_rust_about_the_same_prices():
    prices, told = PRICES.copy(), []

    def again(place):
        told.append((place, flag(prices, 598, lambda place: None)))

    flag(prices, 598, again)
    assert told == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    "stock",
    [
        array("q", [12, 30]),
        memoryview(array("q", [12, 30])),
        memoryview(array("q", [12, 0, 30, 0]))[::2],
        np.array([12, 30]),
        np.asfortranarray([[12, 0], [30, 0]]),
    ],
)
def test_what_has_a_buffer_of_integers_is_counted(stock):
    assert counted(stock) == 42


@pytest.mark.parametrize("stock", [array("q"), b"", np.ones(0, "i8")])
def test_an_empty_buffer_has_no_reams(stock):
    assert counted(stock) == 0


@pytest.mark.parametrize(
    "stock", [array("d", [12.0]), b"12345678", np.ones(3, "i4")]
)
def test_a_buffer_of_something_else_is_refused(stock):
    with pytest.raises(BufferError, match="not compatible with i64"):
        counted(stock)


def test_what_has_no_buffer_is_refused():
    with pytest.raises(TypeError):
        counted([12, 30])


def test_the_examples_in_the_docs_are_true():
    names = {
        name: getattr(dunder.columns, name)
        for name in dunder.columns.__all__
    }
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner()
    for name, thing in names.items():
        for test in finder.find(thing, name, globs=dict(names)):
            runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
