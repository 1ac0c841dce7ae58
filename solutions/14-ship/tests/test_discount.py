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


# Each is wrong by a cent in one way of writing it with a float.
@pytest.mark.parametrize(
    ("cents", "percent", "rest"),
    [(100, 93, 7), (100, 42, 58), (10, 70, 3), (50, 58, 21)],
)
def test_a_discount_is_exact(cents, percent, rest):
    order = Order("Lackawanna County", 12, cents)
    order.discount(percent)
    assert order.unit_price_cents == rest


# Floats err at small prices; an f32, or an integer too narrow, at large.
@pytest.mark.parametrize(
    "prices",
    [
        [*range(1, 31), 50, 100, 200],
        [65_536, 169_499, 169_501, 1_000_000],
    ],
    ids=["small", "large"],
)
def test_a_discount_is_exact_at_every_percent(prices):
    for cents in prices:
        for percent in range(100):
            order = Order("Lackawanna County", 12, cents)
            order.discount(percent)
            rest = -(-cents * (100 - percent) // 100)
            assert order.unit_price_cents == rest


def test_a_second_discount_is_off_the_new_price():
    order = Order("Lackawanna County", 12, 599)
    order.discount(10)
    order.discount(10)
    assert order.unit_price_cents == 486


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
    order = Order("Lackawanna County", 12, 599)
    with pytest.raises(TypeError):
        order.discount(7.5)
