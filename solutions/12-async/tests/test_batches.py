import traceback

import pytest

from dunder import (
    Ledger,
    Money,
    Order,
    RuleError,
    discounted_in_batches,
)


@pytest.fixture
def ledger():
    ledger = Ledger()
    for reams in (1, 2, 3, 4, 5):
        ledger.add(Order("Acme", reams, 100))
    return ledger


def full(orders):
    return [order.total_cents() for order in orders]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 1_000_000])
def test_there_is_a_price_for_each_order(ledger, size):
    prices = discounted_in_batches(ledger, full, size)
    assert prices == [Money(100 * reams) for reams in (1, 2, 3, 4, 5)]


def test_a_batch_is_a_list_of_the_orders_themselves(ledger):
    batches = []

    def rule(orders):
        batches.append(orders)
        return full(orders)

    discounted_in_batches(ledger, rule, size=2)
    assert all(type(batch) is list for batch in batches)
    assert [len(batch) for batch in batches] == [2, 2, 1]
    asked = [order for batch in batches for order in batch]
    assert all(
        a is b for a, b in zip(asked, ledger.orders, strict=True)
    )


def test_a_batch_has_a_thousand_unless_told():
    ledger, sizes = Ledger(), []
    for _ in range(1001):
        ledger.add(Order("Acme", 1, 100))

    def rule(orders):
        sizes.append(len(orders))
        return full(orders)

    discounted_in_batches(ledger, rule)
    assert sizes == [1000, 1]


def test_without_orders_nobody_is_asked():
    assert discounted_in_batches(Ledger(), None) == []


@pytest.mark.parametrize("size", [0, -1, 1_000_001])
def test_a_size_out_of_range_is_refused(ledger, size):
    with pytest.raises(
        ValueError, match=f"size must be 1 to 1000000, not {size}$"
    ):
        discounted_in_batches(ledger, full, size)
    with pytest.raises(ValueError, match="size must be"):
        discounted_in_batches(Ledger(), full, size)


@pytest.mark.parametrize("gave", [[1], [1, 1, 1], (1, 1), None, "11"])
def test_as_many_prices_as_orders_in_a_list(ledger, gave):
    with pytest.raises(RuleError) as caught:
        discounted_in_batches(ledger, lambda _: gave, size=2)
    assert str(caught.value) == (
        "Order('Acme', 1, 100): prices must be a list of 2, "
        f"not {gave!r}"
    )


def test_a_wrong_price_is_blamed_on_its_order(ledger):
    def rule(orders):
        return [None if o.reams == 4 else 1 for o in orders]

    with pytest.raises(
        RuleError,
        match=r"^Order\('Acme', 4, 100\): price must be an int of "
        "0 to 400 cents, not None$",
    ):
        discounted_in_batches(ledger, rule, size=3)


def half_way(orders):
    if orders[0].reams == 3:
        raise LookupError("no idea")
    return full(orders)


def test_a_wrong_list_is_blamed_on_its_batch(ledger):
    def rule(orders):
        return full(orders) if orders[0].reams == 1 else []

    with pytest.raises(
        RuleError,
        match=r"^Order\('Acme', 3, 100\): prices must be a list of 2",
    ):
        discounted_in_batches(ledger, rule, size=2)


def test_after_a_batch_that_failed_nobody_is_asked(ledger):
    asked = []
    with pytest.raises(RuleError):
        discounted_in_batches(ledger, asked.append, size=2)
    assert len(asked) == 1


def test_a_list_cannot_be_used_up_while_it_is_read(ledger, caplog):
    given = [0] * 5

    def use_up(record):
        given.clear()
        return True

    with caplog.filtering(use_up):
        prices = discounted_in_batches(ledger, lambda _: given)
    assert len(prices) == 5


def test_a_rule_that_fails_is_named_with_its_first_order(ledger):
    with pytest.raises(
        RuleError,
        match=r"^Order\('Acme', 3, 100\): LookupError: no idea$",
    ) as caught:
        discounted_in_batches(ledger, half_way, size=2)
    cause = caught.value.__cause__
    last = traceback.extract_tb(cause.__traceback__)[-1]
    assert (type(cause), last.name) == (LookupError, "half_way")


def test_who_wants_to_stop_is_let_go(ledger):
    def rule(orders):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        discounted_in_batches(ledger, rule)


def test_a_rule_may_use_the_list_up(ledger):
    def rule(orders):
        return [orders.pop(0).total_cents() for _ in orders[:]]

    assert discounted_in_batches(ledger, rule, 2)[-1] == Money(500)


def test_a_rule_may_add_to_the_ledger(ledger):
    def rule(orders):
        ledger.add(Order("Dwight", 1, 1))
        return full(orders)

    assert len(discounted_in_batches(ledger, rule, size=2)) == 5
    assert len(ledger) == 8


def test_a_rule_cannot_make_orders_dearer_first(ledger):
    def rule(orders):
        for order in orders:
            order.add_reams(1)
        return full(orders)

    with pytest.raises(RuleError, match="0 to 100 cents, not 200"):
        discounted_in_batches(ledger, rule)


def test_a_gift_is_written_down(ledger, caplog):
    discounted_in_batches(ledger, lambda orders: [0] * len(orders))
    assert len(caplog.records) == 5
