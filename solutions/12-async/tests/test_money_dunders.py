import copy
import pickle

import pytest

from dunder import Money


def test_money_shows_how_to_make_it_again():
    money = Money("5.99")
    assert repr(money) == "Money('5.99')"
    assert eval(repr(money)).cents == 599
    assert repr(Money(-5)) == "Money('-0.05')"


def test_money_prints_as_people_write_it():
    assert str(Money(599)) == "5.99"
    assert f"{Money(120000)}" == "1200.00"


def test_the_same_amount_is_equal():
    assert Money(599) == Money("5.99")
    assert Money(599) != Money(600)


def test_money_is_not_its_number():
    assert Money(599) == Money(599)
    assert Money(599) != 599
    assert Money(599) != "5.99"


def test_amounts_have_an_order():
    prices = [Money(600), Money(-5), Money(599)]
    assert [money.cents for money in sorted(prices)] == [-5, 599, 600]
    with pytest.raises(TypeError, match="not supported"):
        Money(599) < 600  # noqa: B015


def test_equal_amounts_have_the_same_hash():
    assert len({Money(599), Money("5.99"), Money(600)}) == 2
    assert {Money(599): "paper"}[Money("5.99")] == "paper"
    assert len({hash(Money(cents)) for cents in range(100)}) > 90


def test_no_money_is_false():
    assert not Money(0)
    assert Money(-1)


def test_money_stands_in_a_column():
    assert f"{Money(599):>8}|" == "    5.99|"
    assert f"{Money(599):*^8}" == "**5.99**"
    with pytest.raises(ValueError, match="Unknown format code"):
        f"{Money(599):d}"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
def test_a_copy_is_equal(again):
    assert again(Money(599)) == Money(599)


@pytest.mark.parametrize(
    "protocol", range(2, pickle.HIGHEST_PROTOCOL + 1)
)
def test_money_travels_by_pickle(protocol):
    travelled = pickle.loads(pickle.dumps(Money(-5), protocol))
    assert travelled == Money(-5)


def test_pickle_left_no_way_to_change_money():
    assert pickle.loads(pickle.dumps(Money(5))) == Money(5)
    assert not hasattr(Money(5), "__setstate__")


def test_amounts_are_added():
    assert Money(599) + Money(1) == Money(600)
    assert sum([Money(1), Money(2)], Money(0)) == Money(3)


@pytest.mark.parametrize("other", [1, "1", 0.5, None])
def test_money_and_a_number_cannot_be_added(other):
    assert Money(1) + Money(1) == Money(2)
    with pytest.raises(TypeError, match="unsupported operand"):
        Money(1) + other
    with pytest.raises(TypeError):
        other + Money(1)


def test_so_many_reams_at_a_price():
    assert Money(599) * 12 == Money(7188)
    assert 12 * Money(599) == Money(7188)
    assert Money(599) * -1 == Money(-599)
    with pytest.raises(TypeError, match="unsupported operand"):
        Money(2) * Money(3)
    with pytest.raises(TypeError):
        Money(2) * 1.5


def test_too_much_money_is_an_error():
    with pytest.raises(
        OverflowError, match="to 92233720368547758.07"
    ):
        Money(2**63 - 1) + Money(1)
    with pytest.raises(OverflowError, match="-92233720368547758.08"):
        Money(-(2**63)) + Money(-1)
    with pytest.raises(
        OverflowError, match="to 92233720368547758.07"
    ):
        Money(2**62) * 2


class Tax:
    def __radd__(self, money):
        return "taxed"


def test_another_class_may_know_how_to_add_money():
    assert Money(1) + Money(1) == Money(2)
    assert Money(1) + Tax() == "taxed"
