"""A ledger to practise on: made up, and the same on every machine."""

from random import Random

from dunder.rows import Row

BRANCHES = ("Scranton", "Utica", "Nashua", "Akron")
WORDS = [
    words.split()
    for words in (
        (
            "Alder Amber Apple Birch Cedar Coral Delta Ember "
            "Field Grove Harbor Linden Maple Orchard Poplar Willow"
        ),
        "Valley County River Street Hill Lake Park Bridge",
        "School Clinic Library Bakery Press Motors Dental Legal",
        (
            "Company Partners Services Holdings "
            "Brothers Supply Group Office"
        ),
    )
]


def sample_rows(customers: int, seed: int = 1) -> list[Row]:
    """Make a ledger with `customers` different names, some of them misspelt.

    Parameters
    ----------
    customers : int
        How many different customer names, at least 1.
    seed : int, default 1
        Same seed, same ledger.

    Returns
    -------
    list of Row
        Five rows for each customer.

    Raises
    ------
    ValueError
        If `customers` is below 1.

    Examples
    --------
    >>> len(sample_rows(customers=200))
    1000
    """
    if customers < 1:
        raise ValueError(
            f"customers must be at least 1, not {customers}"
        )
    random = Random(seed)
    names: dict[str, None] = {}
    while len(names) < customers:
        name = " ".join(random.choice(words) for words in WORDS)
        if name in names:
            name = f"{name} {len(names)}"
        names[name] = None
        if random.random() < 0.05 and len(names) < customers:
            names[_misspell(name, random)] = None
    return [
        Row(name, random.choice(BRANCHES), random.randint(1, 40), 599)
        for name in names
        for _ in range(5)
    ]


def _misspell(name: str, random: Random) -> str:
    at = random.randrange(len(name))
    return name[:at] + name[at + 1 :]
