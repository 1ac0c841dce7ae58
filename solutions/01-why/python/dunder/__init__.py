"""A paper company's sales ledger."""

from dunder.names import edit_distance, near_duplicates
from dunder.rows import Row, revenue_by_branch
from dunder.sample import sample_rows

__all__ = [
    "Row",
    "edit_distance",
    "near_duplicates",
    "revenue_by_branch",
    "sample_rows",
]
