"""Against how it is made: make it over again."""

import pickle

from dunder import Board
from dunder.dwight.attack import LOOT, attack, has_risen


@attack("board.__init__(...)")
def initialise_again(board):
    board.__init__("Dwight", [LOOT])
    return has_risen(board)


@attack("board.__setstate__(...)")
def set_the_state(board):
    board.__setstate__(("Dwight", [LOOT]))
    return has_risen(board)


@attack("Board.__new__(Board)")
def leave_the_constructor_out(_):
    return Board.__new__(Board).seller == ""


@attack("object.__new__(Board)")
def leave_the_class_out(_):
    return isinstance(object.__new__(Board), Board)


@attack("a forged pickle")
def sell_for_nothing(board):
    honest = pickle.dumps(board, protocol=2)
    # `M` and two bytes are a small integer: 599 becomes 0.
    forged = honest.replace(b"M\x57\x02", b"M\x00\x00")
    return pickle.loads(forged).total_cents() == 0
