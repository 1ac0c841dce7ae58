"""What an auditor asks of a ledger."""

from dunder._dunder import _audit

nameless = _audit.nameless

__all__ = ["nameless"]
