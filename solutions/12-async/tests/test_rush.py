import gc
import weakref

import pytest

from dunder import Ledger, Order, RushOrder


def test_a_rush_order_costs_a_fee():
    rush = RushOrder("Acme", 12, 599, fee_cents=500)
    assert rush.total_cents() == 7688
    assert isinstance(rush, Order)


def test_the_fee_can_be_left_out():
    assert RushOrder("Acme", 12, 599).fee_cents == 990


def test_the_fee_is_not_below_nothing():
    assert RushOrder("Acme", 1, 599, fee_cents=0).total_cents() == 599
    with pytest.raises(
        ValueError, match="fee_cents must be at least 0, not -1"
    ):
        RushOrder("Acme", 1, 599, fee_cents=-1)
    with pytest.raises(TypeError):
        RushOrder("Acme", 1, 599, fee_cents="990")


def test_a_rush_order_can_be_made_from_a_line():
    rush = RushOrder.from_line("Acme;Utica;12;599")
    assert type(rush) is RushOrder
    assert rush.total_cents() == 7188 + 990


def test_its_fee_counts_in_the_ledger():
    ledger = Ledger()
    ledger.add(RushOrder("Acme", 12, 599))
    assert ledger.total().cents == 8178


def test_a_rush_order_has_no_room_for_more():
    rush = RushOrder("Acme", 12, 599)
    with pytest.raises(AttributeError):
        rush.bonus = 1


def test_its_fee_can_make_it_the_largest():
    ledger = Ledger()
    ledger.add(Order("Acme", 13, 599))
    ledger.add(RushOrder("Acme", 12, 599))
    assert ledger.summary()["largest"] is ledger.orders[1]


class Traced(Order):
    ledger = None


def test_an_order_and_its_ledger_can_go_together():
    order = Traced("Acme", 12, 599)
    order.ledger = Ledger()
    order.ledger.add(order)
    seen = weakref.ref(order)
    del order
    gc.collect()
    assert seen() is None
