"""Against what it hands out: and against what it was given."""

import copy
import gc

from dunder import Board
from dunder.dwight.attack import LOOT, SOLD, attack, has_risen


@attack("board.sales.append")
def append_to_what_is_handed_out(board):
    board.sales.append(LOOT)
    return has_risen(board)


@attack("board.sales[0] = ...")
def replace_in_what_is_handed_out(board):
    board.sales[0] = LOOT
    return has_risen(board)


@attack("keep the list, append")
def keep_what_was_taken_in(_):
    sales = [SOLD]
    board = Board("Dwight", sales)
    sales.append(LOOT)
    return has_risen(board)


@attack("copy.copy(board)")
def change_the_copy(board):
    copy.copy(board).sales.append(LOOT)
    return has_risen(board)


@attack("gc.get_referents(board)")
def find_what_it_holds(board):
    for held in gc.get_referents(board):
        if isinstance(held, list):
            held.append(LOOT)
    return has_risen(board)


class Fickle:
    """An integer that says what was sold once, and loot afterwards."""

    asked = 0

    def __index__(self):
        self.asked += 1
        return SOLD if self.asked == 1 else LOOT


@attack("a fickle __index__")
def change_the_number(_):
    board = Board("Dwight", [Fickle()])
    return has_risen(board)


@attack("Board(..., ['lots'])")
def sell_text(_):
    return Board("Dwight", ["lots"]).sales[0] == "lots"
