import doctest

import pytest

import dunder
from dunder import Order


@pytest.fixture
def order():
    return Order("Lackawanna County", reams=12, unit_price_cents=599)


def test_python_sees_a_class_of_the_package():
    assert isinstance(Order, type)
    assert (Order.__module__, Order.__name__) == ("dunder", "Order")


def test_an_order_knows_what_it_was_made_of(order):
    assert order.customer == "Lackawanna County"
    assert order.reams == 12
    assert order.unit_price_cents == 599


@pytest.mark.parametrize(
    "name",
    ["customer", "reams", "unit_price_cents", "sheets", "paid"],
)
def test_nothing_is_written_from_outside(order, name):
    with pytest.raises(AttributeError):
        setattr(order, name, 1)


def test_the_total_is_reams_times_price(order):
    assert order.total_cents() == 7188


def test_the_largest_order_has_an_exact_total():
    order = Order("Lackawanna County", 1_000_000, 1_000_000)
    assert order.total_cents() == 1_000_000_000_000


def test_the_sheets_are_an_attribute(order):
    assert order.sheets == 6000
    most = Order("Lackawanna County", 1_000_000, 599)
    assert most.sheets == 500_000_000


@pytest.mark.parametrize("reams", [-3, 0, 1_000_001])
def test_reams_out_of_range_are_refused(reams):
    with pytest.raises(
        ValueError, match=f"reams must be 1 to 1000000, not {reams}$"
    ):
        Order("Lackawanna County", reams, 599)


@pytest.mark.parametrize("cents", [-599, 0, 1_000_001])
def test_a_price_out_of_range_is_refused(cents):
    message = f"unit_price_cents must be 1 to 1000000, not {cents}$"
    with pytest.raises(ValueError, match=message):
        Order("Lackawanna County", 12, cents)


def test_a_price_that_is_not_whole_cents_is_refused():
    with pytest.raises(TypeError, match="'float' object"):
        Order("Lackawanna County", 12, 5.99)


def test_reams_can_be_added(order):
    order.add_reams(3)
    assert order.reams == 15


def test_reams_can_be_taken_away(order):
    order.add_reams(-3)
    assert order.reams == 9


@pytest.mark.parametrize(
    ("more", "sum_"),
    [(-12, "0$"), (1_000_000, "1000012$"), (2**63 - 1, "")],
)
def test_a_refused_change_changes_nothing(order, more, sum_):
    message = f"reams must be 1 to 1000000, not {sum_}"
    with pytest.raises(ValueError, match=message):
        order.add_reams(more)
    assert order.reams == 12


def test_the_helper_is_not_for_python(order):
    assert not hasattr(order, "checked")


def test_the_example_in_the_docstring_is_true():
    results = doctest.testmod(dunder)
    assert results.attempted >= 1
    assert results.failed == 0
