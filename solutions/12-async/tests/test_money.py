from decimal import Decimal

import pytest

from dunder import Money


@pytest.mark.parametrize(
    ("price", "cents"),
    [(599, 599), (0, 0), (-3, -3), ("5.99", 599), ("12", 1200)],
)
def test_a_price_may_be_cents_or_text(price, cents):
    assert Money(price).cents == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0.05", 5),
        ("-0.05", -5),
        ("5.9", 590),
        (" 7.00 ", 700),
        ("90071992547409.93", 2**53 + 1),
        ("92233720368547758.07", 2**63 - 1),
        ("-92233720368547758.08", -(2**63)),
    ],
)
def test_text_is_read_to_the_cent(text, cents):
    assert Money(text).cents == cents


def test_true_is_one_cent():
    assert Money(True).cents == 1


def test_a_float_is_not_a_price():
    with pytest.raises(TypeError):
        Money(5.99)


@pytest.mark.parametrize(
    "text", ["", ".", "5,99", "5.999", "five", "1.-5", "5.+9", "--5"]
)
def test_text_that_is_no_price_is_refused(text):
    with pytest.raises(ValueError, match="price must be like 5.99"):
        Money(text)


def test_more_money_than_there_is_does_not_fit():
    with pytest.raises(OverflowError):
        Money(2**63)
    with pytest.raises(ValueError, match="price must be like 5.99"):
        Money("99999999999999999999.99")


def test_a_price_may_be_a_decimal():
    assert Money(Decimal("5.99")).cents == 599
    assert Money(Decimal(12)).cents == 1200
    assert Money(Decimal("90071992547409.93")).cents == 2**53 + 1


def test_a_decimal_below_a_cent_is_refused():
    with pytest.raises(ValueError, match='not "5.999"'):
        Money(Decimal("5.999"))


def test_what_is_no_price_is_named():
    with pytest.raises(
        TypeError, match="int, str or Decimal, not list"
    ):
        Money([5, 99])


@pytest.mark.parametrize("cents", [599, 5, 0, -5, -1200])
def test_the_amount_is_an_exact_decimal(cents):
    amount = Money(cents).amount
    assert type(amount) is Decimal
    assert amount == Decimal(cents) / 100
    assert amount.as_tuple().exponent == -2


def test_money_cannot_be_changed():
    with pytest.raises(AttributeError):
        Money(5).cents = 6
