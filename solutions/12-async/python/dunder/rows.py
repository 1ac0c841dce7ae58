"""The ledger's rows, and what a branch earned."""

from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the ledger: who bought how much paper, and where."""

    customer: str
    branch: str
    reams: int
    unit_price_cents: int


def revenue_by_branch(rows: Iterable[Row]) -> dict[str, int]:
    """Return what each branch earned, in cents.

    Parameters
    ----------
    rows : iterable of Row
        The ledger. An iterator is read to its end.

    Returns
    -------
    dict of str to int
        Branch name to revenue in cents; branches in order of first sale.

    Examples
    --------
    >>> revenue_by_branch([Row("Acme", "Scranton", 2, 599)])
    {'Scranton': 1198}
    """
    revenue: dict[str, int] = {}
    for row in rows:
        earned = row.reams * row.unit_price_cents
        revenue[row.branch] = revenue.get(row.branch, 0) + earned
    return revenue
