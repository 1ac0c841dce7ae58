"""Ledgers as they come. Each program has a process, and a limit."""

import asyncio

import pytest
from apart import said_by, started

from dunder import Arrivals

PROGRAMS = (
    "in_turn.py",
    "one_fails.py",
    "enough.py",
    "both_wait.py",
    "one_gives_up.py",
    "documented.py",
)


@pytest.fixture(scope="module")
def programs():
    return {program: started(program) for program in PROGRAMS}


def test_it_is_its_own_iterator():
    arrivals = Arrivals([])
    assert aiter(arrivals) is arrivals


def test_it_needs_a_sequence_of_texts():
    with pytest.raises(TypeError):
        Arrivals("127.0.0.1:7001")


def test_an_address_that_is_none_is_refused():
    async def main():
        await anext(Arrivals(["Utica"]))

    words = "^address must be host:port, not Utica: "
    with pytest.raises(ValueError, match=words):
        asyncio.run(main())


def test_who_answers_first_comes_first(programs):
    assert said_by(programs["in_turn.py"]) == [
        "Utica sent Acme;Utica;1;599",
        "Akron sent Acme;Akron;1;599",
        "Nashua sent Acme;Nashua;1;599",
        "and then []",
    ]


def test_who_fails_keeps_nobody_from_the_others(programs):
    said = said_by(programs["one_fails.py"])
    assert said == ["all others: True"]


def test_who_has_enough_hangs_up(programs):
    assert said_by(programs["enough.py"]) == ["True", "hung up"]


def test_two_who_wait_get_one_each(programs):
    said = said_by(programs["both_wait.py"])
    assert said == ["each has one: True"]


def test_who_gives_up_loses_nothing(programs):
    said = said_by(programs["one_gives_up.py"])
    assert said == ["none is lost: True"]


def test_the_examples_in_the_docstrings_are_true(programs):
    assert said_by(programs["documented.py"]) == [
        "dunder.loopback: 0 of 2 failed",
        "dunder.wire: 0 of 12 failed",
    ]
