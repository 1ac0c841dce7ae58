"""A paper company's sales ledger."""

from dunder._dunder import (
    Branch,
    Entry,
    Ledger,
    LineError,
    Money,
    Order,
    Receipt,
    label,
    read_row,
    read_rows,
    reams,
    sheets,
)
from dunder.names import edit_distance, near_duplicates
from dunder.rows import Row, revenue_by_branch
from dunder.sample import sample_rows

__all__ = [
    "Branch",
    "Entry",
    "Ledger",
    "LineError",
    "Money",
    "Order",
    "Receipt",
    "Row",
    "edit_distance",
    "label",
    "near_duplicates",
    "read_row",
    "read_rows",
    "reams",
    "revenue_by_branch",
    "sample_rows",
    "sheets",
]
