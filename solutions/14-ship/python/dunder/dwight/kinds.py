"""All attacks, by kind and by name, in the order of the score."""

from dunder.dwight import (
    handed_out,
    outside,
    over_again,
    the_class,
    the_object,
    the_prize,
)
from dunder.dwight.attack import Attack

KINDS = {
    "object": the_object,
    "again": over_again,
    "handed": handed_out,
    "class": the_class,
    "prize": the_prize,
    "outside": outside,
}


def attacks(kind: str) -> dict[str, Attack]:
    """Return the attacks of a kind by name."""
    found = vars(KINDS[kind]).items()
    return {name: it for name, it in found if hasattr(it, "typed")}


def find(name: str) -> Attack:
    """Return the attack with this name."""
    for kind in KINDS:
        if name in attacks(kind):
            return attacks(kind)[name]
    raise KeyError(f"no attack is called {name!r}")


def title(kind: str) -> str:
    """Return what the attacks of a kind are aimed at."""
    aim, _, _ = KINDS[kind].__doc__.partition(":")
    return aim.removeprefix("Against ")
