import pickle

import pytest

from dunder import Row, read_row


def test_a_line_becomes_a_row():
    row = Row(*read_row("Acme;Utica;12;599"))
    assert row == Row("Acme", "Utica", reams=12, unit_price_cents=599)


def test_spaces_round_a_field_are_not_part_of_it():
    assert read_row(" Acme ; Utica; 12 ;599\n")[0] == "Acme"
    assert read_row(" Acme ; Utica; 12 ;599\n")[2:] == (12, 599)


@pytest.mark.parametrize(
    "line",
    ["Acme;Utica;twelve;599", "Acme;Utica;12", "", "1;2;3;4;5"],
)
def test_a_line_that_cannot_be_read_is_a_value_error(line):
    with pytest.raises(ValueError, match="must (be|have)"):
        read_row(line)


def test_a_number_has_63_bits():
    most = 2**63 - 1
    assert read_row(f"Acme;Utica;{most};{most}")[2:] == (most, most)
    with pytest.raises(ValueError, match=f'not "{most + 1}"$'):
        read_row(f"Acme;Utica;12;{most + 1}")


def test_the_error_says_what_is_wrong():
    with pytest.raises(
        ValueError,
        match='^line 1: reams must be a whole number, not "twelve"$',
    ):
        read_row("Acme;Utica;twelve;599")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("1;2;3;4;5", 5),
        ("Acme;;Utica;12;599", 5),
        ("Acme;Utica;12", 3),
    ],
)
def test_the_error_says_how_many_fields_there_are(line, found):
    with pytest.raises(
        ValueError, match=f"line must have 4 fields, not {found}$"
    ):
        read_row(line)


def test_what_nobody_sees_is_shown():
    with pytest.raises(ValueError, match=r'not "tw\\telve"$'):
        read_row("Acme;Utica;tw\telve;599")


def test_the_error_can_be_asked_what_is_wrong():
    with pytest.raises(ValueError) as caught:
        read_row("Acme;Utica;12;5.99")
    error = caught.value
    assert type(error).__name__ == "LineError"
    assert (error.number, error.field) == (1, "unit_price_cents")
    assert error.reason == 'must be a whole number, not "5.99"'
    with pytest.raises(AttributeError):
        error.number = 7


def test_the_error_survives_a_pickle():
    with pytest.raises(ValueError) as caught:
        read_row("Acme;Utica;12")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == "line 1: line must have 4 fields, not 3"
    assert copy.field == "line"
