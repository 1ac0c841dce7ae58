import gc
import sys
import weakref

import pytest

from dunder import Ledger, Order


@pytest.fixture
def order():
    return Order("Lackawanna County", reams=12, unit_price_cents=599)


def test_a_new_ledger_is_empty():
    ledger = Ledger()
    assert ledger.orders == ()
    assert ledger.total().cents == 0


def test_a_ledger_holds_the_order_itself(order):
    ledger = Ledger()
    ledger.add(order)
    assert ledger.orders[0] is order


def test_a_change_is_seen_from_both_sides(order):
    ledger = Ledger()
    ledger.add(order)
    ledger.add(order)
    order.add_reams(3)
    assert ledger.total().cents == 2 * 15 * 599


def test_a_ledger_takes_orders_only():
    with pytest.raises(TypeError):
        Ledger().add("Lackawanna County")


class Auditor:
    ledger = None


def test_a_ledger_knows_its_auditor():
    ledger, auditor = Ledger(), Auditor()
    assert ledger.auditor is None
    ledger.auditor = auditor
    assert ledger.auditor is auditor


def test_a_ledger_and_its_auditor_can_go_together():
    auditor = Auditor()
    auditor.ledger = Ledger()
    auditor.ledger.auditor = auditor
    seen = weakref.ref(auditor)
    del auditor
    gc.collect()
    assert seen() is None


def test_a_ledger_lets_go_of_what_cannot():
    ledger, token = Ledger(), []
    before = sys.getrefcount(token)
    # A tuple cannot let go: the ledger has to.
    ledger.auditor = (ledger, token)
    del ledger
    gc.collect()
    assert sys.getrefcount(token) == before


def test_a_total_in_between_is_an_error_and_no_panic(order):
    ledger = Ledger()
    ledger.add(order)

    class Sly:
        def __index__(self):
            return ledger.total().cents

    with pytest.raises(
        RuntimeError, match="Already mutably borrowed"
    ):
        order.add_reams(Sly())
