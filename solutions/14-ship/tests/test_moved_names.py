"""The hot module in Rust: the same answers on the same input."""

import doctest
import inspect
from itertools import combinations
from random import Random

import apart
import names_in_python
import pytest

import dunder
from dunder import _dunder, sample_rows

FUNCTIONS = ["edit_distance", "near_duplicates"]


def words(letters, lengths, many, seed=14):
    random = Random(seed)
    return [
        "".join(random.choices(letters, k=random.choice(lengths)))
        for _ in range(many)
    ]


def customers(many):
    rows = sample_rows(many)
    return list(dict.fromkeys(row.customer for row in rows))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_rust_and_under_its_old_name(name):
    assert getattr(dunder, name) is getattr(_dunder, name)
    assert getattr(dunder.names, name) is getattr(_dunder, name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_called_as_before(name):
    now = inspect.signature(getattr(_dunder, name))
    assert now == inspect.signature(getattr(names_in_python, name))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_example_is_true(name):
    function = getattr(_dunder, name)
    [example] = doctest.DocTestFinder().find(
        function, globs={name: function}
    )
    assert doctest.DocTestRunner().run(example) == (0, 1)


@pytest.mark.parametrize("letters", ["ab", "abcé漢", "aA\U0001f4c4"])
def test_distances_are_as_before(letters):
    some = words(letters, range(8), 60)
    for a, b in zip(some, reversed(some), strict=True):
        assert _dunder.edit_distance(
            a, b
        ) == names_in_python.edit_distance(a, b)


@pytest.mark.parametrize("limit", range(5))
@pytest.mark.parametrize("letters", ["ab", "abcé漢", "aA\U0001f4c4"])
def test_pairs_are_as_before(letters, limit):
    names = words(letters, range(8), 40)
    assert _dunder.near_duplicates(
        names, limit
    ) == names_in_python.near_duplicates(names, limit)


@pytest.mark.parametrize("letter", ["é", "a"])
def test_long_names_are_compared_as_before(letter):
    names = [*words("ab", [63, 64], 2), *words("ab", [65], 2)]
    names += [letter + name[2:] for name in names]
    before = {
        (a, b): names_in_python.edit_distance(a, b)
        for a, b in combinations(names, 2)
    }
    for limit in (0, 2, 20, 25):
        near = [pair for pair in before if before[pair] <= limit]
        assert _dunder.near_duplicates(names, limit) == near
    for (a, b), edits in before.items():
        assert _dunder.edit_distance(a, b) == edits


def test_the_sample_ledger_has_the_same_suspects():
    names = customers(30)
    found = _dunder.near_duplicates(names)
    assert found == names_in_python.near_duplicates(names)
    assert found


def test_the_names_given_are_the_names_returned():
    names = "Vance Vanse".split()
    [(first, second)] = _dunder.near_duplicates(names)
    assert first is names[0]
    assert second is names[1]


def test_any_sequence_of_names_will_do():
    names = ("Vance", "Vanse")
    assert _dunder.near_duplicates(names) == [names]


def test_a_name_given_twice_is_a_pair():
    names = ["Vance", "Vance"]
    assert _dunder.near_duplicates(names, 0) == [("Vance", "Vance")]


def test_no_name_is_a_pair_of_nothing():
    assert _dunder.near_duplicates([]) == []
    assert _dunder.near_duplicates(["", ""], 0) == [("", "")]


def test_a_limit_may_be_beyond_all_lengths():
    pair = ("", "Utica")
    assert _dunder.near_duplicates(pair, 2**63 - 1) == [pair]


def test_a_limit_below_nothing_is_refused_as_before():
    for names in ([], ["Vance", "Vanse"]):
        with pytest.raises(ValueError) as refused:
            _dunder.near_duplicates(names, limit=-1)
        assert str(refused.value) == (
            "limit must be at least 0 edits, not -1"
        )


def test_one_name_is_not_a_list_of_names():
    with pytest.raises(TypeError):
        _dunder.near_duplicates("Vance")


def test_names_of_other_lengths_are_passed_over():
    process = apart.started("long_names.py")
    assert apart.said_by(process) == ["1 pair"]


def test_other_threads_run_meanwhile():
    process = apart.started("meanwhile.py")
    assert apart.said_by(process) == ["meanwhile"]
