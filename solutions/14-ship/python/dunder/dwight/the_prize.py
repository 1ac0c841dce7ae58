"""Against who decides: Python looks up each name anew."""

import builtins

from dunder import Board, prize
from dunder.dwight.attack import LOOT, attack


class Stranger:
    """Not a board. It has all that a board is asked for."""

    seller = "Dwight"

    def total_cents(self):
        return LOOT


class Impostor(Stranger):
    """A stranger that `isinstance` takes for a board."""

    __class__ = Board


class Fickle(list):
    """A list of honest boards, when it is read for the first time."""

    read = 0

    def __iter__(self):
        self.read += 1
        return iter([HONEST] if self.read == 1 else [Stranger()])


HONEST = Board("Phyllis", [7188])


def _wins(boards):
    return prize.winner(boards) == "Dwight"


@attack("a stranger")
def look_like_a_board(_):
    return _wins([HONEST, Stranger()])


@attack("a forged __class__")
def pretend_to_be_a_board(_):
    return _wins([HONEST, Impostor()])


@attack("a fickle list")
def change_the_list(_):
    return _wins(Fickle([HONEST]))


@attack("prize.Board = Stranger")
def replace_the_class_it_knows(_):
    prize.Board = Stranger
    return _wins([Stranger()])


@attack("prize.max = min")
def replace_a_function_it_calls(board):
    prize.max = min
    return _wins([HONEST, board])


@attack("builtins.max = min")
def replace_it_for_everybody(board):
    builtins.max = min
    return _wins([HONEST, board])
