import pytest

import dunder
from dunder import Order


@pytest.fixture
def order():
    return Order("Lackawanna County", reams=12, unit_price_cents=599)


def test_a_receipt_says_who_how_much_and_the_total(order):
    receipt = order.receipt()
    assert type(receipt) is dunder.Receipt
    assert receipt.customer == "Lackawanna County"
    assert receipt.reams == 12
    assert receipt.total_cents == 7188


def test_a_receipt_stays_as_it_was_printed(order):
    receipt = order.receipt()
    order.add_reams(3)
    order.discount(10)
    assert (receipt.reams, receipt.total_cents) == (12, 7188)
    assert order.receipt().total_cents == 15 * 540


def test_an_order_is_the_same_after_its_receipt(order):
    order.add_note("rush")
    order.receipt()
    assert (order.customer, order.reams) == ("Lackawanna County", 12)
    assert order.notes == ("rush",)


def test_the_largest_receipt_is_exact():
    order = Order("Lackawanna County", 1_000_000, 1_000_000)
    assert order.receipt().reams == 1_000_000
    assert repr(order.receipt().total_cents) == "1000000000000"


@pytest.mark.parametrize(
    "name", ["customer", "reams", "total_cents", "paid"]
)
def test_nothing_can_be_written_on_a_receipt(order, name):
    receipt = order.receipt()
    with pytest.raises(AttributeError):
        setattr(receipt, name, 0)
    with pytest.raises(AttributeError):
        object.__setattr__(receipt, name, 0)


def test_only_an_order_makes_a_receipt(order):
    for arguments in [(), (order,), ("Lackawanna County", 12, 1)]:
        with pytest.raises(
            TypeError, match="cannot create 'dunder.Receipt'"
        ):
            dunder.Receipt(*arguments)
    public = [name for name in dir(dunder.Receipt) if name[0] != "_"]
    assert public == ["customer", "reams", "total_cents"]


def test_init_writes_nothing_on_a_receipt(order):
    receipt = order.receipt()
    receipt.__init__("Dwight", 1200, 1)
    assert receipt.customer == "Lackawanna County"
    assert (receipt.reams, receipt.total_cents) == (12, 7188)


def test_there_is_no_better_kind_of_receipt():
    with pytest.raises(TypeError, match="base type"):
        type("BetterReceipt", (dunder.Receipt,), {})


def test_a_receipt_says_what_it_is():
    assert "total_cents" in dunder.Receipt.__doc__
