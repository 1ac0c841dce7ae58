"""One sum, six ways to cross: all say the same, and refuse the same."""

import doctest
from random import Random

import numpy as np
import pytest

from dunder import Branch, ladder
from dunder.rows import Row, revenue_by_branch

BRANCHES = ("Scranton", "Utica", "Nashua", "Akron")
NUMBERS = {name: number for number, name in enumerate(BRANCHES)}
TOO_MUCH = 2**62


def year(orders=1000, seed=1):
    """Branch, reams, price; a return of goods has reams below 0."""
    random = Random(seed)
    return [
        (
            random.choice(BRANCHES),
            random.randint(-5, 40),
            random.randint(399, 899),
        )
        for _ in range(orders)
    ]


def dicts(rows):
    return [
        {
            "customer": "Acme",
            "branch": branch,
            "reams": reams,
            "unit_price_cents": price,
        }
        for branch, reams, price in rows
    ]


def deliveries(rows):
    return [
        ladder.Delivery(getattr(Branch, branch), reams, price)
        for branch, reams, price in rows
    ]


def numbered(rows):
    branches = [NUMBERS[branch] for branch, _, _ in rows]
    reams = [reams for _, reams, _ in rows]
    prices = [price for _, _, price in rows]
    return branches, reams, prices


def arrays(rows):
    branches, reams, prices = numbered(rows)
    return (
        np.array(branches, dtype=np.uint8),
        np.array(reams, dtype=np.int64),
        np.array(prices, dtype=np.int64),
    )


def climb(rung, rows):
    """The revenue of `rows`, brought to Rust as this rung wants them."""
    function = getattr(ladder, rung)
    match rung:
        case "maps" | "structs" | "borrowed":
            return function(dicts(rows))
        case "frozen":
            return function(deliveries(rows))
        case "lists":
            return function(*numbered(rows))
        case _:
            return function(*arrays(rows))


RUNGS = "maps", "structs", "borrowed", "frozen", "lists", "columns"
OF_DICTS = RUNGS[:3]
OF_NUMBERS = RUNGS[4:]


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("orders", [4, 5, 6, 7, 1000])
def test_every_rung_says_what_python_says(rung, orders):
    rows = [(branch, 1, 599) for branch in BRANCHES]
    rows += year(orders - 4)
    expected = revenue_by_branch(Row("Acme", *row) for row in rows)
    assert climb(rung, rows) == expected


@pytest.mark.parametrize("rung", RUNGS)
def test_no_orders_earn_nothing(rung):
    assert climb(rung, []) == dict.fromkeys(BRANCHES, 0)


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize(
    "rows",
    [
        [("Utica", TOO_MUCH, 2)],
        [("Utica", TOO_MUCH, 1)] * 2,
        [("Utica", TOO_MUCH, 1)] * 5,
    ],
)
def test_too_much_is_an_error_not_a_small_number(rung, rows):
    with pytest.raises(
        OverflowError, match="^more than 9223372036854775807$"
    ):
        climb(rung, rows)


@pytest.mark.parametrize("rung", OF_DICTS)
def test_a_branch_that_we_do_not_have_is_named(rung):
    rows = dicts(year(3)) + dicts([("Stamford", 12, 599)])
    with pytest.raises(
        ValueError,
        match='Scranton, Utica, Nashua, Akron, not "Stamford"$',
    ):
        getattr(ladder, rung)(rows)


@pytest.mark.parametrize("rung", OF_NUMBERS)
def test_a_branch_number_that_we_do_not_have_is_named(rung):
    columns = ([0, 4], [12, 12], [599, 599])
    if rung == "columns":
        columns = [
            np.array(column, dtype=dtype)
            for column, dtype in zip(
                columns, ("u1", "i8", "i8"), strict=True
            )
        ]
    with pytest.raises(
        ValueError, match="branch must be 0 to 3, not 4$"
    ):
        getattr(ladder, rung)(*columns)


@pytest.mark.parametrize("rung", OF_DICTS)
@pytest.mark.parametrize(
    "field", ["branch", "reams", "unit_price_cents"]
)
def test_a_field_that_is_missing_is_an_error(rung, field):
    rows = dicts(year(3))
    del rows[1][field]
    with pytest.raises(KeyError, match=field):
        getattr(ladder, rung)(rows)


@pytest.mark.parametrize("rung", OF_DICTS)
def test_half_a_ream_is_refused(rung):
    rows = dicts(year(3))
    rows[1]["reams"] = 0.5
    with pytest.raises(TypeError):
        getattr(ladder, rung)(rows)


@pytest.mark.parametrize("rung", OF_NUMBERS)
def test_columns_of_different_lengths_are_refused(rung):
    branches, reams, prices = (
        numbered(year(3)) if rung == "lists" else arrays(year(3))
    )
    with pytest.raises(
        ValueError, match=r"must be of one length, not \[3, 2, 3\]$"
    ):
        getattr(ladder, rung)(branches, reams[:2], prices)


def test_frozen_takes_deliveries_only():
    with pytest.raises(TypeError):
        ladder.frozen(dicts(year(3)))


def test_a_delivery_never_changes():
    delivery = ladder.Delivery(Branch.Utica, 12, 599)
    assert delivery.branch == Branch.Utica
    assert (delivery.reams, delivery.unit_price_cents) == (12, 599)
    with pytest.raises(AttributeError):
        delivery.reams = 1200


def test_the_examples_in_the_docs_are_true():
    names = {name: getattr(ladder, name) for name in ladder.__all__}
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner()
    for name, thing in names.items():
        globs = {**names, "Branch": Branch}
        for test in finder.find(thing, name, globs=globs):
            runner.run(test)
    assert runner.summarize(verbose=False) == (0, runner.tries)
    assert runner.tries >= len(RUNGS)
