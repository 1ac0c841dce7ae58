"""Against its class: that is an object, too."""

from unittest import mock

from dunder import Board
from dunder.dwight.attack import LOOT, attack, has_risen, loot


@attack("Board.total_cents = ...")
def replace_a_method(board):
    Board.total_cents = loot
    return has_risen(board)


@attack("Board.sales = property()")
def replace_a_property(board):
    Board.sales = property(lambda board: (LOOT,))
    return board.sales == (LOOT,)


@attack("Board.seller = 'Dwight'")
def replace_an_attribute(_):
    Board.seller = "Dwight"
    return Board("Phyllis", [LOOT]).seller == "Dwight"


@attack("del Board.total_cents")
def delete_a_method(board):
    del Board.total_cents
    return not hasattr(board, "total_cents")


@attack("Board.bonus = 1")
def add_to_the_class(board):
    Board.bonus = 1
    return board.bonus == 1


@attack("type.__setattr__")
def ask_the_class_of_the_class(board):
    type.__setattr__(Board, "total_cents", loot)
    return has_risen(board)


@attack("Board.__getattribute__")
def replace_how_names_are_found(board):
    Board.__getattribute__ = lambda board, name: lambda: LOOT
    return has_risen(board)


@attack("Board.__new__ = ...")
def replace_how_boards_are_made(_):
    Board.__new__ = lambda cls, seller, sales: "a board"
    return Board("Phyllis", [1]) == "a board"


@attack("mock.patch.object")
def patch_for_a_test(board):
    with mock.patch.object(Board, "total_cents", loot):
        return has_risen(board)


@attack("Board.__name__ = ...")
def rename(board):
    Board.__name__ = "Scoreboard"
    return type(board).__name__ == "Scoreboard"


@attack("Board.__bases__ = ...")
def replace_its_base(board):
    Board.__bases__ = (type("Base", (), {"bonus": 1}),)
    return board.bonus == 1
