"""A paper company's sales ledger."""

from dunder._dunder import Order, Receipt, reams, sheets
from dunder.names import edit_distance, near_duplicates
from dunder.rows import Row, revenue_by_branch
from dunder.sample import sample_rows

__all__ = [
    "Order",
    "Receipt",
    "Row",
    "edit_distance",
    "near_duplicates",
    "reams",
    "revenue_by_branch",
    "sample_rows",
    "sheets",
]
