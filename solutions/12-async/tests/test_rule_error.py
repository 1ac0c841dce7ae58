import traceback

import pytest

from dunder import Ledger, Money, Order, RuleError, discounted


@pytest.fixture
def ledger():
    ledger = Ledger()
    ledger.add(Order("Acme", 12, 599))
    ledger.add(Order("Vance", 3, 1000))
    return ledger


def test_a_rule_may_add_to_the_ledger(ledger):
    def rule(order):
        ledger.add(Order("Dwight", 1, 1))
        return order.total_cents()

    assert discounted(ledger, rule) == [Money(7188), Money(3000)]
    assert len(ledger) == 4


def test_a_rule_may_read_the_ledger(ledger):
    prices = discounted(ledger, lambda _: len(ledger.orders))
    assert prices == [Money(2), Money(2)]


NONSENSE = [
    (None, "None"),
    (28.5, "28.5"),
    ("29.00", "'29.00'"),
    (Money(2900), "Money('29.00')"),
    (-1, "-1"),
    (3001, "3001"),
    (2**64, "18446744073709551616"),
]


@pytest.mark.parametrize(("gave", "shown"), NONSENSE)
def test_what_is_no_price_is_refused(ledger, gave, shown):
    with pytest.raises(RuleError) as caught:
        discounted(
            ledger, lambda o: gave if o.customer == "Vance" else 1
        )
    assert str(caught.value) == (
        "Order('Vance', 3, 1000): price must be an int of 0 to 3000 "
        f"cents, not {shown}"
    )
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("cents", [1, True, 2999, 3000])
def test_a_price_up_to_the_full_one_is_taken(cents):
    ledger = Ledger()
    ledger.add(Order("Vance", 3, 1000))
    assert discounted(ledger, lambda _: cents) == [Money(cents)]


def test_each_order_has_its_own_most(ledger):
    with pytest.raises(RuleError, match="0 to 3000 cents, not 3001$"):
        discounted(ledger, lambda _: 3001)


def test_a_rule_cannot_make_an_order_dearer_first(ledger):
    def rule(order):
        order.add_reams(100)
        return order.total_cents()

    with pytest.raises(RuleError, match="0 to 7188 cents"):
        discounted(ledger, rule)


PERCENT = {"Acme": 5}


def by_customer(order):
    return order.total_cents() * PERCENT[order.customer] // 100


def test_a_rule_that_fails_is_named_with_its_order(ledger):
    with pytest.raises(
        RuleError,
        match=r"^Order\('Vance', 3, 1000\): KeyError: 'Vance'$",
    ):
        discounted(ledger, by_customer)


def test_what_it_raised_is_the_cause_traceback_and_all(ledger):
    with pytest.raises(RuleError) as caught:
        discounted(ledger, by_customer)
    cause = caught.value.__cause__
    assert type(cause) is KeyError
    last = traceback.extract_tb(cause.__traceback__)[-1]
    assert (last.filename, last.name) == (__file__, "by_customer")


def test_a_rule_error_is_no_value_error():
    assert RuleError.__bases__ == (Exception,)
    assert RuleError.__module__ == "dunder"


def test_after_an_error_nobody_is_asked(ledger):
    asked = []
    with pytest.raises(RuleError):
        discounted(ledger, asked.append)
    assert len(asked) == 1


def test_what_an_order_raises_is_not_the_rules_fault():
    class Broken(Order):
        def total_cents(self):
            raise LookupError("no price yet")

    ledger = Ledger()
    ledger.add(Broken("Acme", 12, 599))
    with pytest.raises(LookupError, match="no price yet"):
        discounted(ledger, lambda _: 1)


def test_nothing_of_a_wrong_price_is_run(ledger):
    ran = []

    class Trap:
        def __index__(self):
            ran.append(self)
            return 1

    with pytest.raises(RuleError, match="must be an int"):
        discounted(ledger, lambda _: Trap())
    assert ran == []
