import copy
import pickle

import pytest

from dunder import Board


@pytest.fixture
def board():
    return Board("Phyllis", [7188, 599, 599])


def test_a_board_says_who_sold_what(board):
    assert board.seller == "Phyllis"
    assert list(board.sales) == [7188, 599, 599]


def test_its_total_is_all_sales(board):
    assert board.total_cents() == 8386
    assert Board("Dwight", []).total_cents() == 0


@pytest.mark.parametrize("cents", [0, -599, 1_000_000_000_001])
def test_a_sale_out_of_range_is_refused(cents):
    message = (
        f"each sale must be 1 to 1000000000000 cents, not {cents}$"
    )
    with pytest.raises(ValueError, match=message):
        Board("Dwight", [599, cents])


def test_the_smallest_and_the_largest_sale_are_in_range():
    board = Board("Dwight", [1, 1_000_000_000_000])
    assert board.total_cents() == 1_000_000_000_001


@pytest.mark.parametrize("sale", [5.99, "599", None])
def test_a_sale_is_a_whole_number_of_cents(sale):
    with pytest.raises(TypeError):
        Board("Dwight", [sale])


def test_seller_and_sales_can_be_named():
    board = Board(sales=[599], seller="Dwight")
    assert (board.seller, list(board.sales)) == ("Dwight", [599])


@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        lambda it: pickle.loads(pickle.dumps(it)),
    ],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_board_can_be_copied_and_sent(board, again):
    other = again(board)
    assert type(other) is Board
    assert other.seller == "Phyllis"
    assert list(other.sales) == [7188, 599, 599]


def test_a_board_says_what_it_is():
    assert Board.__module__ == "dunder"
    assert "Parameters" in Board.__doc__
    assert "Cents" in Board.total_cents.__doc__
