"""Customers entered twice, under two spellings."""

from collections.abc import Sequence


def edit_distance(a: str, b: str) -> int:
    """Return how many single-letter edits turn `a` into `b`.

    Parameters
    ----------
    a, b : str
        Two names. Upper and lower case are different letters.

    Returns
    -------
    int
        Insertions, deletions and replacements needed: at least 0.

    Notes
    -----
    Levenshtein's distance, row by row: time `len(a) * len(b)`, memory
    `len(b)`. After R. Wagner and M. Fischer, "The String-to-String
    Correction Problem", Journal of the ACM 21 (1), 1974.

    Examples
    --------
    >>> edit_distance("Lackawanna", "Lakawana")
    2
    """
    above = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            changed = above[j - 1] + (letter != other)
            row.append(min(above[j] + 1, row[j - 1] + 1, changed))
        above = row
    return above[-1]


def near_duplicates(
    names: Sequence[str], limit: int = 2
) -> list[tuple[str, str]]:
    """Return the pairs of names that are at most `limit` edits apart.

    Parameters
    ----------
    names : sequence of str
        Customer names, each once.
    limit : int, default 2
        Edits allowed, at least 0.

    Returns
    -------
    list of tuple of (str, str)
        Pairs in the order of `names`; never a name with itself.

    Raises
    ------
    ValueError
        If `limit` is below 0.

    Notes
    -----
    Compares every pair: `n * (n - 1) / 2` distances for `n` names.

    Examples
    --------
    >>> near_duplicates(["Vance", "Vanse", "Schrute"])
    [('Vance', 'Vanse')]
    """
    if limit < 0:
        raise ValueError(
            f"limit must be at least 0 edits, not {limit}"
        )
    pairs = []
    for i, name in enumerate(names):
        for other in names[i + 1 :]:
            if edit_distance(name, other) <= limit:
                pairs.append((name, other))
    return pairs
