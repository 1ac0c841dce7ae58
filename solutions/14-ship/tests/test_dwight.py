"""What Dwight tries, and what stops it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dunder
from dunder.dwight.kinds import KINDS, attacks
from dunder.dwight.referee import score

READ_ONLY = "is not writable|readonly attribute"
NOTHING = "it ran, and changed nothing"

OBJECT = {
    "set_an_attribute": READ_ONLY,
    "set_it_behind_the_class": READ_ONLY,
    "ask_the_descriptor": READ_ONLY,
    "delete_an_attribute": READ_ONLY,
    "add_an_attribute": "no attribute 'bonus'",
    "use_the_dictionary": "no attribute '__dict__'",
    "shadow_a_method": "'total_cents' is read-only",
    "override_in_a_subclass": "not an acceptable base type",
    "become_a_subclass": "not an acceptable base type",
    "become_another": "__class__ assignment",
}
MADE = {
    "initialise_again": NOTHING,
    "set_the_state": "no attribute '__setstate__'",
    "leave_the_constructor_out": "'seller' and 'sales'",
    "leave_the_class_out": "is not safe",
    "sell_for_nothing": "each sale must be 1 to 1000000000000",
}
HANDED_OUT = {
    "append_to_what_is_handed_out": "no attribute 'append'",
    "replace_in_what_is_handed_out": "does not support item",
    "keep_what_was_taken_in": NOTHING,
    "change_the_copy": "no attribute 'append'",
    "find_what_it_holds": NOTHING,
    "change_the_number": NOTHING,
    "sell_text": "cannot be interpreted as an integer",
}
CLASS = {
    "replace_a_method": "'total_cents' attribute of immutable",
    "replace_a_property": "'sales' attribute of immutable",
    "replace_an_attribute": "'seller' attribute of immutable",
    "delete_a_method": "'total_cents' attribute of immutable",
    "add_to_the_class": "'bonus' attribute of immutable",
    "ask_the_class_of_the_class": "attribute of immutable",
    "replace_how_names_are_found": "attribute of immutable",
    "replace_how_boards_are_made": "attribute of immutable",
    "patch_for_a_test": "attribute of immutable",
    "rename": "'__name__' attribute of immutable",
    "replace_its_base": "'__bases__' attribute of immutable",
}
PRIZE = {
    "look_like_a_board": "not an instance of 'Board'",
    "pretend_to_be_a_board": "not an instance of 'Board'",
    "change_the_list": NOTHING,
    "replace_the_class_it_knows": "not an instance of 'Board'",
    "replace_a_function_it_calls": NOTHING,
    "replace_it_for_everybody": NOTHING,
}
AROUND = [
    "rebind_the_class",
    "rebind_the_function",
    "write_into_the_object",
    "open_the_class",
    "find_the_dictionary_of_the_class",
]


@pytest.fixture(scope="module")
def outcomes():
    return score(name for kind in KINDS for name in attacks(kind))


def assert_stopped(outcome, by):
    assert not outcome.through
    assert re.search(by, outcome.by)


@pytest.mark.parametrize("name", OBJECT)
def test_nothing_is_assigned_to_the_object(outcomes, name):
    assert_stopped(outcomes[name], OBJECT[name])


@pytest.mark.parametrize("name", MADE)
def test_an_object_is_made_once_and_checked(outcomes, name):
    assert_stopped(outcomes[name], MADE[name])


@pytest.mark.parametrize("name", HANDED_OUT)
def test_what_is_handed_out_leads_nowhere(outcomes, name):
    assert_stopped(outcomes[name], HANDED_OUT[name])


@pytest.mark.parametrize("name", CLASS)
def test_the_class_is_closed(outcomes, name):
    assert_stopped(outcomes[name], CLASS[name])


@pytest.mark.parametrize("name", PRIZE)
def test_who_decides_is_not_fooled(outcomes, name):
    assert_stopped(outcomes[name], PRIZE[name])


OPENED = """
import gc
from dunder import Board, prize

names = gc.get_referents(Board.__dict__)[0]
names["total_cents"] = lambda board: 10**9
names["sales"] = property(lambda board: (10**9,))
names["seller"] = "Dwight"
assert Board("Phyllis", [7188]).total_cents() == 10**9
boards = [Board("Michael", [599]), Board("Phyllis", [7188])]
print(prize.winner(boards))
"""


def test_of_a_class_that_was_opened_the_fields_count():
    found = str(Path(dunder.__file__).parents[1])
    apart = subprocess.run(
        [sys.executable, "-c", OPENED],
        env=os.environ | {"PYTHONPATH": found},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert apart.stdout == "Phyllis\n"


@pytest.mark.parametrize("name", AROUND)
def test_what_no_class_can_stop_gets_through(outcomes, name):
    assert outcomes[name].through


def test_no_attack_is_left_out():
    here = [OBJECT, MADE, HANDED_OUT, CLASS, PRIZE, AROUND]
    assert [set(kind) for kind in here] == [
        set(attacks(kind)) for kind in KINDS
    ]
