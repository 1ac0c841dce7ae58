import doctest

import pytest

import dunder


def test_a_ream_has_500_sheets():
    assert dunder.sheets(1) == 500
    assert dunder.sheets(12) == 6000


def test_no_reams_no_sheets():
    assert dunder.sheets(0) == 0


def test_the_largest_stock_does_not_overflow():
    assert dunder.sheets(2**32 - 1) == (2**32 - 1) * 500


def test_half_a_ream_is_not_a_number_of_reams():
    with pytest.raises(TypeError):
        dunder.sheets(0.5)


def test_reams_are_not_negative():
    with pytest.raises(OverflowError):
        dunder.sheets(-1)


def test_more_reams_than_a_u32_holds_are_refused():
    with pytest.raises(OverflowError):
        dunder.sheets(2**32)


@pytest.mark.parametrize(
    ("sheets", "reams"),
    [
        (0, 0),
        (1, 1),
        (499, 1),
        (500, 1),
        (501, 2),
        (6000, 12),
        (50_000_001, 100_001),
    ],
)
def test_a_ream_begun_is_a_ream(sheets, reams):
    assert dunder.reams(sheets) == reams


def test_the_largest_number_of_sheets_is_rounded_up_too():
    assert dunder.reams(2**32 - 1) == 8589935


@pytest.mark.parametrize("sheets", [-1, 2**32])
def test_sheets_out_of_range_are_refused(sheets):
    with pytest.raises(OverflowError):
        dunder.reams(sheets)


def test_the_examples_in_the_docstrings_are_true():
    import dunder._dunder

    found = doctest.DocTestFinder().find(dunder._dunder)
    shown = {test.name for test in found if test.examples}
    names = {"dunder._dunder.sheets", "dunder._dunder.reams"}
    assert names <= shown
    assert doctest.testmod(dunder._dunder).failed == 0
