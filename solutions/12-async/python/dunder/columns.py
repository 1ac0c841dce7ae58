"""What is done with whole columns of NumPy."""

from dunder._dunder import (
    Columns,
    counted,
    discount,
    flag,
    restock,
    totals,
    yearly,
)

__all__ = [
    "Columns",
    "counted",
    "discount",
    "flag",
    "restock",
    "totals",
    "yearly",
]
