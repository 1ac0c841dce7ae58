import numpy as np
import pytest

from dunder.columns import flag, restock

MOST = 2**63 - 1


def reams(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_the_stock_itself_changes():
    stock = reams(100, 20, 0)
    assert restock(stock, reams(12, -3, 40)) is None
    assert stock.tolist() == [112, 17, 40]


def test_every_other_branch_can_be_restocked_and_no_other_changes():
    stock = reams(100, 20, 0, 7)
    restock(stock[::2], reams(12, 40))
    assert stock.tolist() == [112, 20, 40, 7]


def test_backwards_the_first_delivery_is_for_the_last_branch():
    stock = reams(100, 20, 0)
    restock(stock[::-1], reams(1, 2, 3))
    assert stock.tolist() == [103, 22, 1]


def test_read_only_stock_is_refused():
    stock = reams(100, 20)
    stock.flags.writeable = False
    with pytest.raises(
        ValueError, match="^must be writeable"
    ) as caught:
        restock(stock, reams(1, 1))
    assert caught.value.__notes__ == ["while processing 'stock'"]


def test_the_same_array_twice_is_refused():
    stock = reams(100, 20)
    with pytest.raises(
        ValueError, match="^must not be in use"
    ) as caught:
        restock(stock, stock)
    assert caught.value.__notes__ == ["while processing 'delivered'"]
    assert stock.tolist() == [100, 20]


def test_parts_that_overlap_are_refused_and_others_are_not():
    stock = reams(1, 2, 3, 4)
    with pytest.raises(ValueError, match="^must not be in use"):
        restock(stock[:3], stock[1:])
    restock(stock[:2], stock[2:])
    assert stock.tolist() == [4, 6, 3, 4]


def test_a_field_of_packed_records_is_refused_and_stays():
    rows = np.zeros(2, dtype=[("branch", "u1"), ("reams", "i8")])
    with pytest.raises(ValueError, match="must be aligned"):
        restock(rows["reams"], reams(1, 1))
    assert rows["reams"].tolist() == [0, 0]


def test_one_delivery_for_each_branch():
    with pytest.raises(ValueError, match=r"one length, not \[2, 1\]"):
        restock(reams(100, 20), reams(1))


def test_too_much_changes_nothing():
    stock = reams(100, MOST)
    with pytest.raises(OverflowError, match="more than"):
        restock(stock, reams(1, 1))
    assert stock.tolist() == [100, MOST]


def test_who_is_told_may_restock_what_was_read():
    stock = reams(100, 20, 300)
    told = flag(
        stock, 50, lambda place: restock(stock, reams(1, 1, 1))
    )
    assert told == 2
    assert stock.tolist() == [102, 22, 302]
