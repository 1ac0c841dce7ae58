import pytest

from dunder import ContractOrder, Ledger, Money, Order, discounted


@pytest.fixture
def ledger():
    ledger = Ledger()
    ledger.add(Order("Acme", 12, 599))
    ledger.add(Order("Vance", 3, 1000))
    return ledger


def test_a_rule_is_asked_for_each_order(ledger):
    prices = discounted(ledger, lambda o: o.total_cents() - 100)
    assert prices == [Money(7088), Money(2900)]


def test_it_is_asked_in_order_about_the_orders_themselves(ledger):
    asked = []
    discounted(ledger, lambda order: asked.append(order) or 1)
    assert len(asked) == 2
    assert asked[0] is ledger[0]
    assert asked[1] is ledger[1]


def test_an_order_may_stand_twice(ledger):
    ledger.add(ledger[0])
    prices = iter([10, 20, 30])
    assert discounted(ledger, lambda _: next(prices)) == [
        Money(10),
        Money(20),
        Money(30),
    ]


def test_whatever_can_be_called_is_a_rule(ledger):
    class Flat:
        def __call__(self, order):
            return 500

    assert discounted(ledger, Flat()) == [Money(500), Money(500)]


def test_the_orders_keep_their_price(ledger):
    discounted(ledger, lambda _: 1)
    assert ledger.total() == Money(7188 + 3000)


def test_without_orders_nobody_is_asked():
    assert discounted(Ledger(), None) == []


def test_every_kind_of_order_is_asked_about():
    ledger = Ledger()
    ledger.add(ContractOrder("Acme", 12, 599, percent=10))
    assert discounted(ledger, ContractOrder.total_cents) == [
        Money(6470)
    ]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_who_wants_to_stop_is_let_go(ledger, stop):
    asked = []

    def rule(order):
        asked.append(order)
        raise stop

    with pytest.raises(stop):
        discounted(ledger, rule)
    assert len(asked) == 1
