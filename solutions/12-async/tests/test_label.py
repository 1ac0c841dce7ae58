import inspect

import pytest

from dunder import label


def test_a_label_needs_a_customer():
    with pytest.raises(TypeError, match="customer"):
        label()


def test_a_label_says_what_is_in_each_box():
    assert label("Utica", 12, 3, number=7) == [
        "No. 7, Utica: 15 reams",
        "box of 12",
        "box of 3",
    ]


def test_a_delivery_may_have_no_box():
    assert label("Utica", number=7) == ["No. 7, Utica: 0 reams"]


def test_the_carrier_is_said_by_name():
    assert label("Utica", 12, carrier="Vance")[-1] == "by Vance"
    with pytest.raises(TypeError):
        label("Utica", 12, "Vance")


def test_any_other_name_is_a_mark():
    marked = label("Utica", 12, fragile="yes", customer="copy")
    assert {"customer: copy", "fragile: yes"} < set(marked)


def test_marks_are_ordered_by_name():
    marks = label("Utica", **dict.fromkeys("jihgfedcba", "yes"))[1:]
    assert marks == [f"{name}: yes" for name in "abcdefghij"]


def test_the_carrier_stands_before_the_marks():
    lines = label("Utica", carrier="Vance", fragile="yes")
    assert lines[1:] == ["by Vance", "fragile: yes"]


def test_a_box_holds_no_fewer_than_no_reams():
    assert label("Utica", 0)[1:] == ["box of 0"]
    with pytest.raises(OverflowError):
        label("Utica", -3)


def test_each_label_has_the_next_number():
    first, second = label("Utica")[0], label("Utica")[0]
    assert number(second) == number(first) + 1


def test_a_number_that_is_given_uses_none_up():
    first = label("Utica")[0]
    assert label("Utica", number=7) == ["No. 7, Utica: 0 reams"]
    assert number(label("Utica")[0]) == number(first) + 1


def number(line):
    return int(line.removeprefix("No. ").split(",")[0])


def test_the_largest_boxes_are_added_up():
    line = label("Utica", 2**32 - 1, 2**32 - 1, number=7)[0]
    assert line == "No. 7, Utica: 8589934590 reams"


def test_help_shows_how_to_call_it():
    kinds = {
        name: parameter.kind.name
        for name, parameter in inspect.signature(
            label
        ).parameters.items()
    }
    assert kinds == {
        "customer": "POSITIONAL_ONLY",
        "boxes": "VAR_POSITIONAL",
        "carrier": "KEYWORD_ONLY",
        "number": "KEYWORD_ONLY",
        "marks": "VAR_KEYWORD",
    }
