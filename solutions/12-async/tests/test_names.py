import pytest

from dunder import edit_distance, near_duplicates, sample_rows


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [
        ("Vance", "Vance", 0),
        ("Vance", "Vanse", 1),
        ("Vance", "Vances", 1),
        ("Vance", "ance", 1),
        ("Lackawanna", "Lakawana", 2),
        ("Acme", "Amce", 2),
        ("Acme", "acme", 1),
        ("", "Utica", 5),
    ],
)
def test_the_distance_counts_single_letter_edits(a, b, edits):
    assert edit_distance(a, b) == edits
    assert edit_distance(b, a) == edits


def test_two_spellings_of_one_customer_are_found():
    names = ["Cedar Lake Press", "Field Park Law", "Cedar Lake Pres"]
    assert near_duplicates(names) == [
        ("Cedar Lake Press", "Cedar Lake Pres")
    ]


def test_the_limit_is_how_many_edits_are_allowed():
    names = ["Vance", "Vanse", "Vanses"]
    assert near_duplicates(names, limit=1) == [
        ("Vance", "Vanse"),
        ("Vanse", "Vanses"),
    ]
    assert near_duplicates(names, limit=0) == []


def test_a_name_may_have_two_twins():
    names = ["Vance", "Vanse", "Vanze"]
    assert near_duplicates(names, limit=1) == [
        ("Vance", "Vanse"),
        ("Vance", "Vanze"),
        ("Vanse", "Vanze"),
    ]


def test_two_edits_are_allowed_unless_said_otherwise():
    names = ["Vance", "Vanses", "Vansses"]
    assert near_duplicates(names) == [
        ("Vance", "Vanses"),
        ("Vanses", "Vansses"),
    ]


def test_a_negative_limit_is_refused():
    with pytest.raises(ValueError, match="at least 0 edits, not -1"):
        near_duplicates([], limit=-1)


def test_the_sample_ledger_hides_misspelt_customers():
    rows = sample_rows(12, seed=1)
    names = list(dict.fromkeys(row.customer for row in rows))
    assert len(names) == 12
    assert near_duplicates(names)
