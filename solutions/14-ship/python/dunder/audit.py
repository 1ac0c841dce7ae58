"""What an auditor asks of a ledger."""

from collections.abc import Callable

from dunder._dunder import Ledger, _audit

nameless: Callable[[Ledger], int] = _audit.nameless

__all__ = ["nameless"]
