import pytest
from apart import said_by, started

from dunder import Till


def test_a_till_is_empty_at_first():
    assert Till().cents == 0


def test_a_rule_says_what_is_in_it_then():
    till = Till()
    assert till.update(lambda cents: cents + 599) == 599
    assert till.update(lambda cents: cents * 2) == 1198
    assert till.cents == 1198


def test_each_till_has_its_own_money():
    till = Till()
    till.update(lambda cents: 599)
    assert Till().cents == 0


def test_a_rule_that_raises_changes_nothing():
    till = Till()
    till.update(lambda cents: 599)
    with pytest.raises(ZeroDivisionError):
        till.update(lambda cents: cents // 0)
    assert till.cents == 599
    assert till.update(lambda cents: cents + 1) == 600


@pytest.mark.parametrize("answer", [None, 5.99, "599"])
def test_an_answer_that_is_no_cents_changes_nothing(answer):
    till = Till()
    with pytest.raises(TypeError, match="^rule must return cents"):
        till.update(lambda cents: answer)
    with pytest.raises(OverflowError):
        till.update(lambda cents: 2**63)
    assert till.cents == 0


def test_nobody_writes_into_a_till():
    with pytest.raises(AttributeError):
        Till().cents = 599


def test_a_slow_rule_loses_nobodys_money():
    assert said_by(started("till.py")) == ["in the till: 1398"]


def test_who_looks_waits_for_the_rule_and_sees_what_it_said():
    assert said_by(started("look.py")) == ["seen: 100"]
