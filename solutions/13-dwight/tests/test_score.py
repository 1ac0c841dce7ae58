import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from dunder.dwight.__main__ import line, main
from dunder.dwight.referee import Outcome


def printed(*arguments):
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(StringIO()) as out,
    ):
        patch.setattr(sys, "argv", ["dwight", *arguments])
        main()
    return out.getvalue().splitlines()


@pytest.fixture(scope="module")
def totals():
    return printed("--totals")


def test_a_line_says_what_was_typed_and_what_came_of_it():
    assert line("del x", Outcome(True, "")).split() == [
        "del",
        "x",
        "through",
    ]
    stopped = line("del x", Outcome(False, "cannot delete"))
    assert stopped.split() == "del x stopped cannot delete".split()


def test_of_a_long_reason_the_end_is_shown():
    reason = "'dunder.Board' object has no attribute 'bonus'"
    since_313 = " and no __dict__ for setting new attributes"
    old, new = (
        line("x", Outcome(False, text))
        for text in (reason, reason + since_313)
    )
    assert old == new
    assert old.endswith(" …has no attribute 'bonus'")


@pytest.mark.parametrize("kind", ["object", "class", "prize"])
def test_a_kind_is_shown_line_by_line(kind):
    *lines, total = printed(kind)
    through = sum(line[25:32] == "through" for line in lines)
    assert total.endswith(f" {through} of {len(lines)} through")
    assert max(map(len, lines)) <= 66


def test_the_totals_add_up(totals):
    *kinds, total = totals
    assert len(kinds) == 6
    words = [line.split()[-4:] for line in kinds]
    through = sum(int(words[0]) for words in words)
    assert total.endswith(f" {through} of 44 through")


def test_a_row_has_a_number_for_each_kind(totals):
    *kinds, _ = totals
    [row] = printed("--row")
    assert len(row) <= 66
    assert [number for number in row.split() if number.isdigit()] == [
        line.split()[-4] for line in kinds
    ]
