"""The exercise: prices are discounted where they are."""

import numpy as np
import pytest

from dunder.columns import Columns, discount


def prices():
    return np.array([599, 899, 1000, 1], dtype=np.int64)


def percents(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_the_prices_themselves_change():
    ours = prices()
    assert discount(ours, percents(10, 0, 50, 99)) is None
    assert ours.tolist() == [540, 899, 500, 1]


def test_a_part_of_a_cent_is_a_cent():
    ours = np.array([599, 101, 199], dtype=np.int64)
    discount(ours, percents(1, 1, 99))
    assert ours.tolist() == [594, 100, 2]


def test_every_percent_of_every_price_is_exact():
    every = np.arange(100, dtype=np.int64)
    for price in (1, 99, 100, 599, 1000, 999_999, 1_000_000):
        ours = np.full(100, price, dtype=np.int64)
        discount(ours, every)
        expected = [
            -(-price * rest // 100) for rest in range(100, 0, -1)
        ]
        assert ours.tolist() == expected


def test_a_view_sees_it():
    ours = prices()
    view = ours[1:]
    discount(ours, percents(0, 10, 0, 0))
    assert view.tolist() == [810, 1000, 1]


def test_every_other_price_can_be_discounted_and_no_other_changes():
    ours = prices()
    discount(ours[::2], percents(10, 10))
    assert ours.tolist() == [540, 899, 900, 1]


def test_backwards_the_first_percent_is_for_the_last_price():
    ours = prices()
    discount(ours[::-1], percents(0, 50, 0, 0))
    assert ours.tolist() == [599, 899, 500, 1]


def test_a_column_of_a_table_is_changed_in_the_table():
    table = np.array([[12, 599], [3, 899]], dtype=np.int64)
    discount(table[:, 1], percents(10, 10))
    assert table.tolist() == [[12, 540], [3, 810]]


def test_percents_may_lie_as_they_like():
    ours = prices()
    discount(ours, percents(10, 7, 0, 7, 50, 7, 99, 7)[::2])
    assert ours.tolist() == [540, 899, 500, 1]


def test_percents_need_not_be_writeable():
    ours, off = prices(), percents(10, 0, 50, 99)
    off.flags.writeable = False
    discount(ours, off)
    assert ours.tolist() == [540, 899, 500, 1]


def test_percents_may_be_a_field_of_packed_records():
    rows = np.zeros(4, dtype=[("branch", "u1"), ("percent", "i8")])
    rows["percent"] = percents(10, 0, 50, 99)
    ours = prices()
    discount(ours, rows["percent"])
    assert ours.tolist() == [540, 899, 500, 1]


def test_prices_that_share_a_place_are_refused():
    ours = np.array([1000], dtype=np.int64)
    three = np.lib.stride_tricks.as_strided(ours, (3,), (0,))
    with pytest.raises(ValueError, match="each in its own place"):
        discount(three, percents(10, 10, 10))
    assert ours.tolist() == [1000]


def test_no_prices_are_no_error():
    discount(prices()[:0], percents())


@pytest.mark.parametrize("bad", [-1, 100, 2**62])
def test_a_percent_out_of_range_is_named_and_no_price_changes(bad):
    ours = prices()
    with pytest.raises(
        ValueError, match=f"percent must be 0 to 99, not {bad}$"
    ):
        discount(ours, percents(10, 10, 10, bad))
    assert ours.tolist() == prices().tolist()


@pytest.mark.parametrize("bad", [0, -599, 1_000_001, 2**62])
def test_a_price_out_of_range_is_named_and_no_price_changes(bad):
    ours = prices()
    ours[3] = bad
    before = ours.tolist()
    with pytest.raises(
        ValueError, match=f"price must be 1 to 1000000, not {bad}$"
    ):
        discount(ours, percents(10, 10, 10, 10))
    assert ours.tolist() == before
    with pytest.raises(ValueError, match="price must be"):
        discount(ours, percents(10, 10, 10, 0))


@pytest.mark.parametrize("count", [0, 3, 5])
def test_one_percent_for_each_price(count):
    ours = prices()
    with pytest.raises(
        ValueError,
        match=rf"must be of one length, not \[4, {count}\]$",
    ):
        discount(ours, percents(*[10] * count))
    assert ours.tolist() == prices().tolist()


def test_read_only_prices_are_refused():
    ours = prices()
    ours.flags.writeable = False
    with pytest.raises(
        ValueError, match="^must be writeable"
    ) as caught:
        discount(ours, percents(10, 10, 10, 10))
    assert caught.value.__notes__ == ["while processing 'prices'"]
    assert ours.tolist() == prices().tolist()


def test_the_same_array_twice_is_refused():
    ours = prices()
    with pytest.raises(
        ValueError, match="^must not be in use"
    ) as caught:
        discount(ours, ours)
    assert caught.value.__notes__ == ["while processing 'percents'"]


def test_two_halves_of_one_array_are_two_columns():
    both = percents(599, 899, 10, 10)
    discount(both[:2], both[2:])
    assert both.tolist() == [540, 810, 10, 10]


def test_a_field_of_packed_records_is_refused_and_stays():
    rows = np.zeros(4, dtype=[("branch", "u1"), ("price", "i8")])
    rows["price"] = prices()
    before = rows.tobytes()
    with pytest.raises(ValueError, match="must be aligned"):
        discount(rows["price"], percents(10, 10, 10, 10))
    assert rows.tobytes() == before


@pytest.mark.parametrize(
    "wrong",
    [[599, 899], np.array([5.99, 8.99]), np.ones((2, 2), "i8")],
)
def test_what_cannot_be_changed_in_place_is_refused(wrong):
    with pytest.raises(TypeError, match="1-d of int64") as caught:
        discount(wrong, percents(10, 10))
    assert caught.value.__notes__ == ["while processing 'prices'"]


def test_what_rust_keeps_is_not_for_sale():
    row = {"branch": "Utica", "reams": 12, "unit_price_cents": 599}
    kept = Columns([row])
    with pytest.raises(ValueError, match="must be writeable"):
        discount(kept.prices, percents(10))
    assert kept.prices.tolist() == [599]
