import pytest

from dunder import Order, Row


@pytest.fixture
def order():
    return Order("Lackawanna County", reams=12, unit_price_cents=599)


def test_merging_takes_over_the_reams(order):
    other = Order("Lackawanna County", 3, 599)
    order.merge(other)
    assert order.reams == 15
    assert other.reams == 3


def test_an_order_merged_with_itself_doubles(order):
    order.merge(order)
    assert order.reams == 24


def test_a_refused_merge_changes_nothing(order):
    other = Order("Lackawanna County", 1_000_000, 599)
    with pytest.raises(
        ValueError, match="reams must be 1 to 1000000, not 1000012"
    ):
        order.merge(other)
    assert (order.reams, other.reams) == (12, 1_000_000)


def test_a_merge_in_between_is_an_error_and_no_panic(order):
    class Sly:
        def __index__(self):
            order.merge(order)
            return 1

    with pytest.raises(
        RuntimeError, match="Already mutably borrowed"
    ):
        order.add_reams(Sly())
    assert order.reams == 12


def test_only_an_order_can_be_merged(order):
    with pytest.raises(TypeError):
        order.merge(Row("Lackawanna County", "Utica", 3, 599))
