import pytest

from dunder import Ledger, Money, Order


@pytest.fixture
def ledger():
    ledger = Ledger()
    for customer, reams in [("Acme", 12), ("Vance", 3), ("Acme", 1)]:
        ledger.add(Order(customer, reams, 599))
    return ledger


def test_a_summary_is_a_dictionary(ledger):
    summary = ledger.summary()
    assert type(summary) is dict
    assert list(summary) == [
        "orders",
        "customers",
        "total",
        "largest",
    ]


def test_a_summary_counts_orders_and_names_customers_once(ledger):
    assert ledger.summary()["orders"] == 3
    assert ledger.summary()["customers"] == {"Acme", "Vance"}
    assert type(ledger.summary()["customers"]) is set


def test_the_total_is_money(ledger):
    total = ledger.summary()["total"]
    assert type(total) is Money
    assert total.cents == 16 * 599


def test_the_largest_is_the_order_itself(ledger):
    assert ledger.summary()["largest"] is ledger.orders[0]


def test_the_largest_is_the_dearest_not_the_thickest(ledger):
    ledger.add(Order("Acme", 2, 100_000))
    assert ledger.summary()["largest"] is ledger.orders[3]


def test_the_largest_is_not_the_one_of_the_dearest_ream(ledger):
    ledger.add(Order("Acme", 1, 7000))
    assert ledger.summary()["largest"] is ledger.orders[0]


def test_a_summary_is_of_now(ledger):
    ledger.orders[1].add_reams(1)
    assert ledger.summary()["total"].cents == 17 * 599


def test_the_same_order_twice_is_two_orders(ledger):
    ledger.add(ledger.orders[0])
    assert ledger.summary()["orders"] == 4
    assert ledger.summary()["total"].cents == 28 * 599


def test_of_two_alike_the_first_is_the_largest(ledger):
    ledger.add(Order("Vance", 12, 599))
    assert ledger.summary()["largest"] is ledger.orders[0]


def test_an_empty_ledger_has_no_largest():
    summary = Ledger().summary()
    assert (summary["orders"], summary["customers"]) == (0, set())
    assert summary["total"].cents == 0
    assert summary["largest"] is None
