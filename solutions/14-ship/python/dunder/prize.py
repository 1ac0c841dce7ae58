"""The prize of the month."""

from dunder._dunder import winner

__all__ = ["winner"]
