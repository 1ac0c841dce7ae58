import doctest

import pytest

import dunder
from dunder import Board, winner


def boards(**cents):
    return [Board(seller, [sold]) for seller, sold in cents.items()]


def test_who_sold_most_wins():
    assert winner(boards(Dwight=599, Phyllis=7188)) == "Phyllis"
    assert winner(boards(Phyllis=7188, Dwight=599)) == "Phyllis"
    assert winner(boards(Dwight=599, Phyllis=2**32)) == "Phyllis"


def test_all_sales_of_a_board_count():
    many = Board("Phyllis", [599, 599])
    assert winner([Board("Dwight", [1000]), many]) == "Phyllis"


def test_a_cent_decides_also_of_a_fortune():
    fortune = [1_000_000_000_000] * 9008
    more = Board("Phyllis", [*fortune, 1])
    assert more.total_cents() == 9_008_000_000_000_001
    assert winner([Board("Dwight", fortune), more]) == "Phyllis"


def test_of_equals_the_first_wins():
    three = boards(Dwight=5, Phyllis=599, Stanley=599)
    assert winner(three) == "Phyllis"
    assert winner(boards(Stanley=599, Phyllis=599)) == "Stanley"


def test_one_board_is_enough():
    assert winner([Board("Phyllis", [])]) == "Phyllis"


def test_without_a_board_there_is_no_winner():
    with pytest.raises(
        ValueError, match="^boards must be at least 1, not 0$"
    ):
        winner([])


@pytest.mark.parametrize("other", [None, 599, "Dwight", Board])
def test_something_else_is_no_board(other):
    with pytest.raises(
        TypeError, match="is not an instance of 'Board'"
    ):
        winner([Board("Phyllis", [599]), other])


def test_a_class_of_the_same_name_is_another_class():
    namesake = type("Board", (), {"__module__": "dunder"})()
    namesake.seller, namesake.total_cents = "Dwight", lambda: 599
    with pytest.raises(
        TypeError, match="is not an instance of 'Board'"
    ):
        winner([namesake])


def test_its_example_is_true():
    [example] = doctest.DocTestFinder().find(
        winner, "winner", globs=vars(dunder).copy()
    )
    assert doctest.DocTestRunner().run(example) == (0, 1)
