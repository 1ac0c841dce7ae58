import pytest

from dunder import LineError, Row, read_rows, revenue_by_branch

LEDGER = "Acme;Utica;12;599\nVance;Akron;3;500\n"


def test_each_line_becomes_a_row():
    assert read_rows(LEDGER) == [
        ("Acme", "Utica", 12, 599),
        ("Vance", "Akron", 3, 500),
    ]


def test_the_rows_are_the_ledgers():
    rows = (Row(*row) for row in read_rows(LEDGER))
    assert revenue_by_branch(rows) == {"Utica": 7188, "Akron": 1500}


def test_the_last_line_needs_no_end():
    assert read_rows(LEDGER.rstrip()) == read_rows(LEDGER)
    assert read_rows("") == []


def test_another_separator_is_said_by_name():
    text = LEDGER.replace(";", "|")
    assert read_rows(text, separator="|") == read_rows(LEDGER)
    with pytest.raises(TypeError):
        read_rows(text, "|")
    with pytest.raises(TypeError):
        read_rows(text=LEDGER)


def test_what_does_not_separate_is_part_of_a_name():
    rows = read_rows("Acme; Sons|Utica|12|599", separator="|")
    assert rows == [("Acme; Sons", "Utica", 12, 599)]


@pytest.mark.parametrize("separator", ["", "||"])
def test_a_separator_is_one_character(separator):
    assert read_rows("", separator="|") == []
    with pytest.raises((TypeError, ValueError)):
        read_rows("", separator=separator)


def test_an_error_says_in_which_line():
    with pytest.raises(LineError) as caught:
        read_rows(LEDGER + "Acme;Utica;twelve;599\n")
    assert (caught.value.number, caught.value.field) == (3, "reams")


def test_of_two_bad_lines_the_first_is_named():
    with pytest.raises(LineError, match="^line 2: reams"):
        read_rows("Acme;Utica;12;599\nVance;Akron;three;500\nAcme\n")


def test_an_empty_line_is_passed_over_and_counted():
    assert read_rows(f"\n  \n{LEDGER}") == read_rows(LEDGER)
    with pytest.raises(LineError, match="^line 4: "):
        read_rows(f"\n{LEDGER}Acme\n")


def test_lines_may_be_counted_from_elsewhere():
    with pytest.raises(LineError, match="^line 102: "):
        read_rows("Acme;Utica;12;599\n;;;", first=101)
    with pytest.raises(LineError, match="^line 4294967296: "):
        read_rows("Acme;Utica;12;599\n;;;", first=2**32 - 1)
    for first in (-1, 2**32, 2**64 - 1):
        with pytest.raises(OverflowError):
            read_rows("", first=first)
