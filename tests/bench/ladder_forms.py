"""The ladder's forms: what each is called, and the call that `ladder.py` times."""

from random import Random

import numpy as np

BRANCHES = ("Scranton", "Utica", "Nashua", "Akron")
# Id, label, input, the id that it is compared with, bytes read for an order:
# a branch's number in one, reams and price in eight each.
TABLE = """
python-dicts   | Python, a loop                 | a list of dicts       | python-dicts   | 0
maps           | Rust, Vec<HashMap<String, Py>> | a list of dicts       | python-dicts   | 0
structs        | Rust, Vec<Row>, derived        | a list of dicts       | python-dicts   | 0
borrowed       | Rust, &Bound<PyList>, &str     | a list of dicts       | python-dicts   | 0
python-objects | Python, a loop                 | a list of our objects | python-objects | 0
frozen         | Rust, get() of frozen objects  | a list of our objects | python-objects | 0
python-lists   | Python, a loop                 | three lists           | python-lists   | 0
lists          | Rust, Vec<i64>                 | three lists           | python-lists   | 0
numpy          | NumPy, add.at                  | three arrays of NumPy | python-lists   | 17
columns        | Rust, NumPy's own memory       | three arrays of NumPy | python-lists   | 17
numpy-sum      | NumPy, sum() of each           | beside the ladder: two arrays of NumPy | numpy-sum    | 16
numpy-totals   | NumPy, reams * prices          | beside the ladder: two arrays of NumPy | numpy-totals | 16
totals         | Rust, totals(reams, prices)    | beside the ladder: two arrays of NumPy | numpy-totals | 16
"""


def forms() -> list[dict]:
    """What the run says of each form, but for its nanoseconds."""
    rows = [line.split("|") for line in TABLE.strip().splitlines()]
    return [
        {
            "id": name.strip(),
            "label": label.strip(),
            "input": given.strip(),
            "against": against.strip(),
            "bytes": int(size),
            "drawn": "beside" not in given,
        }
        for name, label, given, against, size in rows
    ]


def calls(orders: int) -> dict:
    """The call of each form, by its id, on the same made-up orders."""
    from dunder import Branch, columns, ladder

    random = Random(1)
    lists = (
        random.choices(range(4), k=orders),
        random.choices(range(1, 41), k=orders),
        random.choices(range(399, 900), k=orders),
    )
    members = [getattr(Branch, name) for name in BRANCHES]
    rows = list(zip(*lists, strict=True))
    # Each input is made in one go, as one would be read from a file.
    dicts = [
        {
            "customer": "Lackawanna County",
            "branch": BRANCHES[code],
            "reams": reams,
            "unit_price_cents": price,
        }
        for code, reams, price in rows
    ]
    objects = [
        ladder.Delivery(members[code], reams, price)
        for code, reams, price in rows
    ]
    del rows
    numbers = np.array(lists[0], dtype=np.uint8)
    reams = np.array(lists[1], dtype=np.int64)
    prices = np.array(lists[2], dtype=np.int64)
    return {
        "python-dicts": lambda: of_dicts(dicts),
        "maps": lambda: ladder.maps(dicts),
        "structs": lambda: ladder.structs(dicts),
        "borrowed": lambda: ladder.borrowed(dicts),
        "python-objects": lambda: of_objects(objects, members),
        "frozen": lambda: ladder.frozen(objects),
        "python-lists": lambda: of_lists(*lists),
        "lists": lambda: ladder.lists(*lists),
        "numpy": lambda: of_arrays(numbers, reams, prices),
        "columns": lambda: ladder.columns(numbers, reams, prices),
        "numpy-sum": lambda: (reams.sum(), prices.sum()),
        "numpy-totals": lambda: reams * prices,
        "totals": lambda: columns.totals(reams, prices),
    }


def of_dicts(rows):
    revenue = {}
    for row in rows:
        earned = row["reams"] * row["unit_price_cents"]
        branch = row["branch"]
        revenue[branch] = revenue.get(branch, 0) + earned
    return revenue


def of_objects(rows, members):
    revenue = dict.fromkeys(members, 0)
    for row in rows:
        revenue[row.branch] += row.reams * row.unit_price_cents
    return dict(zip(BRANCHES, revenue.values(), strict=True))


def of_lists(branches, reams, prices):
    revenue = [0] * 4
    for branch, count, price in zip(branches, reams, prices):
        revenue[branch] += count * price
    return dict(zip(BRANCHES, revenue, strict=True))


def of_arrays(branches, reams, prices):
    revenue = np.zeros(4, dtype=np.int64)
    np.add.at(revenue, branches, reams * prices)
    return dict(zip(BRANCHES, revenue.tolist(), strict=True))
