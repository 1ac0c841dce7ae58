"""Show who gets through: `python -m dunder.dwight class`."""

from argparse import ArgumentParser

from dunder.dwight.kinds import KINDS, attacks, title
from dunder.dwight.referee import Outcome, score

WIDTH = 64
"""Columns, of which an attack and its outcome take 33."""


def main() -> None:
    parser = ArgumentParser(
        prog="python -m dunder.dwight", description=__doc__
    )
    parser.add_argument("kind", nargs="?", choices=KINDS)
    parser.add_argument(
        "--totals", action="store_true", help="one line for each kind"
    )
    parser.add_argument(
        "--row", action="store_true", help="one line for all of it"
    )
    asked = parser.parse_args()

    kinds = [asked.kind] if asked.kind else list(KINDS)
    everything = score(name for k in kinds for name in attacks(k))
    seen = {
        k: {name: everything[name] for name in attacks(k)}
        for k in kinds
    }
    if asked.row:
        print(
            *(f"{k} {through(seen[k]):>2}" for k in kinds), sep="  "
        )
        return
    for kind in kinds:
        if not asked.totals:
            for name, outcome in seen[kind].items():
                print(line(attacks(kind)[name].typed, outcome))
        print(total(title(kind), seen[kind]))
    if not asked.kind:
        print(total("all that he tries", everything))


def line(typed: str, outcome: Outcome) -> str:
    """One attack, and what stopped it."""
    if outcome.through:
        return f"{typed:<24} through"
    return f"{typed:<24} stopped {end_of(outcome.by, WIDTH - 33)}"


def end_of(text: str, room: int) -> str:
    """The end of what an exception says: there stands why."""
    # Python 3.13 adds this; the older ones leave it out.
    text, _, _ = text.partition(" and no __dict__")
    if len(text) <= room:
        return text
    return "…" + text[1 - room :].partition(" ")[2]


def total(name: str, outcomes: dict[str, Outcome]) -> str:
    """How many of how many got through."""
    tried = len(outcomes)
    return f"{name:<24} {through(outcomes)} of {tried} through"


def through(outcomes: dict[str, Outcome]) -> int:
    """How many got through."""
    return sum(outcome.through for outcome in outcomes.values())


if __name__ == "__main__":
    main()
