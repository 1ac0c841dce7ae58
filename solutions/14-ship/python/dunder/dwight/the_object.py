"""Against the object: assign, delete, inherit."""

from dunder import Board
from dunder.dwight.attack import LOOT, attack, has_risen, loot


@attack("board.sales = [...]")
def set_an_attribute(board):
    board.sales = [LOOT]
    return has_risen(board)


@attack("object.__setattr__")
def set_it_behind_the_class(board):
    object.__setattr__(board, "sales", [LOOT])
    return has_risen(board)


@attack("Board.sales.__set__")
def ask_the_descriptor(board):
    Board.sales.__set__(board, [LOOT])
    return has_risen(board)


@attack("del board.sales")
def delete_an_attribute(board):
    del board.sales
    return not hasattr(board, "sales")


@attack("board.bonus = 1")
def add_an_attribute(board):
    board.bonus = 1
    return board.bonus == 1


@attack("board.__dict__")
def use_the_dictionary(board):
    board.__dict__["bonus"] = 1
    return board.bonus == 1


@attack("board.total_cents = ...")
def shadow_a_method(board):
    board.total_cents = lambda: LOOT
    return has_risen(board)


@attack("class Better(Board)")
def override_in_a_subclass(board):
    better = type("Better", (Board,), {"total_cents": loot})
    return has_risen(better("Dwight", [1]))


@attack("board.__class__ = Better")
def become_a_subclass(board):
    # With room for nothing more, it is laid out as a board is.
    better = {"__slots__": (), "total_cents": loot}
    board.__class__ = type("Better", (Board,), better)
    return has_risen(board)


@attack("board.__class__ = Other")
def become_another(board):
    board.__class__ = type("Other", (), {"total_cents": loot})
    return has_risen(board)
