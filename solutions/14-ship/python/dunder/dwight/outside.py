"""Against all around it: names of a module, bytes of a process."""

import ctypes
import gc

import dunder
from dunder import Board
from dunder.dwight.attack import LOOT, attack, has_risen, loot

KEPT = []
"""Boards that share their memory: nobody may free it twice."""


@attack("dunder.Board = Stranger")
def rebind_the_class(board):
    dunder.Board = type("Stranger", (), {"total_cents": loot})
    return has_risen(dunder.Board())


@attack("dunder.winner = ...")
def rebind_the_function(board):
    dunder.winner = lambda boards: "Dwight"
    return dunder.winner([Board("Phyllis", [LOOT])]) == "Dwight"


@attack("ctypes, into the object")
def write_into_the_object(board):
    other = Board("Dwight", [LOOT])
    KEPT.extend([board, other])
    head = object.__basicsize__
    size = Board.__basicsize__ - head
    ctypes.memmove(id(board) + head, id(other) + head, size)
    return has_risen(board)


@attack("ctypes, into the class")
def open_the_class(board):
    immutable = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
    flags = Board.__flags__
    word = ctypes.c_ulong
    start, end = id(Board), id(Board) + type.__basicsize__
    for address in range(start, end, ctypes.sizeof(word)):
        if word.from_address(address).value == flags:
            word.from_address(address).value = flags & ~immutable
            break
    Board.total_cents = loot
    return has_risen(board)


@attack("gc, into the class")
def find_the_dictionary_of_the_class(board):
    gc.get_referents(Board.__dict__)[0]["total_cents"] = loot
    return has_risen(board)
