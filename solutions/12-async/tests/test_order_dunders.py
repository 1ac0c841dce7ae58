import pytest

from dunder import Ledger, Order


def order(customer="Acme", reams=12, cents=599):
    return Order(customer, reams, cents)


def test_an_order_shows_how_to_make_it_again():
    assert repr(order()) == "Order('Acme', 12, 599)"


@pytest.mark.parametrize(
    "customer",
    [
        "O'Neil",
        'Dwight "D" Kurt',
        "a\nb",
        "tab\t",
        "\r\0",
        "\u200b",
        "Ås \\",
    ],
)
def test_any_customer_can_be_typed_again(customer):
    assert eval(repr(order(customer))).customer == customer


def test_orders_of_the_same_are_equal():
    assert order() == order()
    assert not order() != order()  # noqa: SIM202


@pytest.mark.parametrize(
    "other",
    [
        order("Vance"),
        order(reams=13),
        order(cents=600),
        order(reams=6, cents=1198),
    ],
)
def test_orders_that_differ_are_not_equal(other):
    assert order() == order()
    assert order() != other


def test_notes_count():
    noted, other = order(), order()
    noted.add_note("rush")
    assert noted != other
    other.add_note("late")
    assert noted != other
    again = order()
    again.add_note("rush")
    assert noted == again


def test_an_order_equals_nothing_else():
    assert order() == order()
    assert order() != "Acme"
    assert order() != None


class Anything:
    def __eq__(self, other):
        return "asked"

    __hash__ = None


def test_the_other_side_is_asked_what_it_equals():
    assert order() == order()
    assert (order() == Anything()) == "asked"


def test_what_can_change_has_no_hash():
    with pytest.raises(TypeError, match="unhashable"):
        hash(order())


def test_orders_have_no_order():
    assert order() == order()
    with pytest.raises(TypeError, match="not supported"):
        order() < order(reams=13)  # noqa: B015


def test_a_ledger_still_looks_for_the_order_itself():
    ledger = Ledger()
    ledger.add(order())
    assert order() == ledger[0]
    assert order() not in ledger
