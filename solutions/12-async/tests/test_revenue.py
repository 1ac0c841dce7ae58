import pytest

from dunder import Row, revenue_by_branch


def test_a_branch_earns_reams_times_price():
    assert revenue_by_branch([Row("Acme", "Utica", 3, 599)]) == {
        "Utica": 1797
    }


def test_each_branch_has_its_own_sum():
    rows = [
        Row("Acme", "Utica", 1, 599),
        Row("Acme", "Akron", 2, 500),
        Row("Vance", "Utica", 4, 250),
    ]
    revenue = revenue_by_branch(rows)
    assert revenue == {"Utica": 1599, "Akron": 1000}
    assert list(revenue) == ["Utica", "Akron"], "as first sold"


def test_an_empty_ledger_earns_nothing():
    revenue = revenue_by_branch([])
    with pytest.raises(KeyError):
        revenue["Nashua"]
    assert revenue == {}


def test_a_ledger_can_be_an_iterator():
    rows = (Row("Acme", "Utica", reams, 100) for reams in (1, 2))
    assert revenue_by_branch(rows) == {"Utica": 300}


def test_a_sale_that_looks_like_another_counts_too():
    rows = [Row("Acme", "Utica", 1, 599)] * 2
    assert revenue_by_branch(rows) == {"Utica": 1198}


def test_branches_stand_in_order_of_first_sale():
    branches = ["Utica", "Akron", "Scranton", "Nashua", "Utica"]
    rows = [
        Row("Acme", branch, reams, 599)
        for reams, branch in enumerate(branches, start=1)
    ]
    assert list(revenue_by_branch(rows)) == branches[:4]
