"""One sum, revenue by branch, and six ways for its rows to cross."""

from dunder._dunder import (
    Delivery,
    borrowed,
    columns,
    frozen,
    lists,
    maps,
    structs,
)

__all__ = [
    "Delivery",
    "borrowed",
    "columns",
    "frozen",
    "lists",
    "maps",
    "structs",
]
