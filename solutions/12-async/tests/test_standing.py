import gc
import weakref

import pytest

from dunder import ContractOrder, Money, Order, Standing


@pytest.fixture
def order():
    return Order("Acme", 12, 599)


def test_a_standing_order_has_an_order_and_is_none(order):
    standing = Standing(order, times=4)
    assert standing.order is order
    assert standing.times == 4
    assert not isinstance(standing, Order)


def test_its_total_is_so_many_times_the_orders(order):
    assert Standing(order, times=4).total() == Money(4 * 7188)


def test_a_change_of_the_order_counts(order):
    standing = Standing(order, times=4)
    order.add_reams(8)
    assert standing.total() == Money(4 * 20 * 599)


class Cheap(Order):
    def total_cents(self):
        return 100


def test_any_kind_of_order_says_its_own_total():
    standing = Standing(Cheap("Acme", 12, 599), times=3)
    assert standing.total() == Money(300)
    contract = ContractOrder("Acme", 12, 599, percent=10)
    assert Standing(contract, times=3).total() == Money(3 * 6470)


def test_every_week_is_52_times(order):
    assert Standing.weekly(order).times == 52


class Loud(Standing):
    pass


def test_every_week_makes_the_class_that_was_asked(order):
    assert type(Loud.weekly(order)) is Loud


@pytest.mark.parametrize("times", [0, -1, 367])
def test_too_often_is_refused(order, times):
    with pytest.raises(
        ValueError, match=f"times must be 1 to 366, not {times}$"
    ):
        Standing(order, times)


@pytest.mark.parametrize("times", [1, 366])
def test_as_often_as_allowed_is_taken(order, times):
    assert Standing(order, times).times == times


def test_a_standing_order_cannot_be_changed(order):
    standing = Standing(order, times=4)
    with pytest.raises(AttributeError):
        standing.times = 367
    with pytest.raises(AttributeError):
        standing.order = Order("Vance", 1, 599)


def test_the_class_says_how_often_is_allowed():
    assert Standing.MOST == 366


def test_what_is_no_order_is_refused():
    with pytest.raises(TypeError):
        Standing("Acme", 4)


def test_too_much_is_an_error_not_a_small_number(order):
    class Dear(Order):
        def total_cents(self):
            return 2**62

    with pytest.raises(OverflowError):
        Standing(Dear("Acme", 1, 1), times=4).total()


class Traced(Order):
    standing = None


def test_an_order_and_its_standing_can_go_together():
    order = Traced("Acme", 12, 599)
    order.standing = Standing(order, times=4)
    seen = weakref.ref(order)
    del order
    gc.collect()
    assert seen() is None
