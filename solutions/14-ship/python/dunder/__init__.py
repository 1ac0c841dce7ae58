"""A paper company's sales ledger."""

from dunder import audit
from dunder._dunder import (
    Board,
    Branch,
    ContractOrder,
    Entry,
    Ledger,
    LineError,
    Money,
    Order,
    Progress,
    Receipt,
    RuleError,
    Standing,
    Till,
    discounted,
    discounted_in_batches,
    label,
    load_rule,
    read_row,
    read_rows,
    reams,
    sheets,
    tally,
)
from dunder.names import edit_distance, near_duplicates
from dunder.prize import winner
from dunder.rows import Row, revenue_by_branch
from dunder.rush import RushOrder
from dunder.sample import sample_rows
from dunder.wire import Arrivals, read_ledger, read_ledgers

__all__ = [
    "Arrivals",
    "Board",
    "Branch",
    "ContractOrder",
    "Entry",
    "Ledger",
    "LineError",
    "Money",
    "Order",
    "Progress",
    "Receipt",
    "Row",
    "RuleError",
    "RushOrder",
    "Standing",
    "Till",
    "audit",
    "discounted",
    "discounted_in_batches",
    "edit_distance",
    "label",
    "load_rule",
    "near_duplicates",
    "read_ledger",
    "read_ledgers",
    "read_row",
    "read_rows",
    "reams",
    "revenue_by_branch",
    "sample_rows",
    "sheets",
    "tally",
    "winner",
]
