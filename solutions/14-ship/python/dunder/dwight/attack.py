"""What all attacks share."""

from collections.abc import Callable

from dunder import Board

SOLD = 599
"""What Dwight really sold, in cents."""

LOOT = 10**9
"""What he would like to have sold, in cents."""

Attack = Callable[[Board], bool]
"""Gets a board on which Dwight sold one thing, and returns whether he
got through. If it raises, he was stopped."""


def attack(typed: str):
    """Mark an attack; `typed` is what the score shows of it."""

    def mark(run: Attack) -> Attack:
        run.typed = typed
        return run

    return mark


def has_risen(board: Board) -> bool:
    """Whether a board says more than what was sold."""
    return board.total_cents() > SOLD


def loot(_):
    """What his own methods return."""
    return LOOT
