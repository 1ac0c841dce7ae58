import pytest

from dunder import Order


@pytest.mark.parametrize(
    ("percent", "cents"),
    [(0, 599), (10, 540), (50, 300), (99, 6), (1, 594)],
)
def test_a_discount_rounds_up_to_whole_cents(percent, cents):
    order = Order("Lackawanna County", 12, 599)
    order.discount(percent)
    assert order.unit_price_cents == cents


def test_a_discount_is_exact_where_a_float_is_not():
    order = Order("Lackawanna County", 12, 100)
    order.discount(93)
    assert order.unit_price_cents == 7


def test_a_discount_counts_in_the_total():
    order = Order("Lackawanna County", 12, 599)
    order.discount(10)
    assert order.total_cents() == 12 * 540


@pytest.mark.parametrize("percent", [-1, 100, 2**62])
def test_paper_is_never_free_nor_dearer(percent):
    order = Order("Lackawanna County", 12, 599)
    with pytest.raises(
        ValueError, match=f"percent must be 0 to 99, not {percent}$"
    ):
        order.discount(percent)
    assert order.unit_price_cents == 599


def test_one_cent_stays_one_cent():
    order = Order("Lackawanna County", 12, 1)
    order.discount(99)
    assert order.unit_price_cents == 1


def test_a_discount_is_a_whole_number_of_percent():
    with pytest.raises(TypeError):
        Order("Lackawanna County", 12, 599).discount(7.5)
