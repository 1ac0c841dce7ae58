"""A program of the office. It is never run: mypy reads it."""

from collections.abc import Iterator
from typing import assert_type

from dunder import (
    Ledger,
    Money,
    Order,
    RushOrder,
    near_duplicates,
)

ledger = Ledger()
ledger.add(RushOrder("Acme", 12, 599, fee_cents=500))

assert_type(ledger.orders, tuple[Order, ...])
assert_type(iter(ledger), Iterator[Order])
assert_type(ledger[0], Order)
assert_type(ledger[1:], list[Order])

summary = ledger.summary()
assert_type(summary["orders"], int)
assert_type(summary["customers"], set[str])
assert_type(summary["total"], Money)
assert_type(summary["largest"], Order | None)

pairs = near_duplicates(tuple(sorted(summary["customers"])), limit=1)
assert_type(pairs, list[tuple[str, str]])
