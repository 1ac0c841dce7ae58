"""What held for Dwight's board holds for our own classes."""

import pytest

from dunder import (
    ContractOrder,
    Ledger,
    Order,
    Receipt,
    RushOrder,
)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Order, "total_cents"),
        (ContractOrder, "total_cents"),
        (Ledger, "total"),
        (Receipt, "total_cents"),
    ],
)
def test_nobody_changes_what_a_class_does(monkeypatch, kind, name):
    with pytest.raises(TypeError, match="of immutable type"):
        monkeypatch.setattr(kind, name, lambda self: 0)


class Gift(Order):
    def total_cents(self):
        return 0


def test_an_order_can_still_be_extended(monkeypatch):
    with pytest.raises(TypeError, match="of immutable type"):
        monkeypatch.setattr(Order, "MOST", 5)
    ledger = Ledger()
    ledger.add(ContractOrder("Acme", 12, 599, percent=10))
    ledger.add(RushOrder("Acme", 12, 599))
    ledger.add(Gift("Acme", 12, 599))
    assert ledger.total().cents == 6470 + 8178 + 0


def test_a_class_that_others_add_is_theirs_to_change(monkeypatch):
    with pytest.raises(TypeError, match="of immutable type"):
        monkeypatch.setattr(Order, "total_cents", lambda self: 0)
    monkeypatch.setattr(Gift, "total_cents", lambda self: 599)
    assert Gift("Acme", 12, 599).receipt().total_cents == 599
