import pytest

from dunder import LineError, Order


def test_an_order_can_be_made_from_a_line():
    order = Order.from_line("Acme; Utica; 12; 599")
    assert order == Order("Acme", 12, 599)


def test_a_line_is_checked_like_any_order():
    with pytest.raises(LineError, match="reams must be a whole"):
        Order.from_line("Acme;Utica;twelve;599")
    with pytest.raises(ValueError, match="reams must be 1 to"):
        Order.from_line("Acme;Utica;0;599")


def test_the_class_says_how_much_is_allowed():
    assert Order.MOST == 1_000_000
    Order("Acme", Order.MOST, 1)
    with pytest.raises(ValueError):
        Order("Acme", Order.MOST + 1, 1)


def test_reams_are_counted_from_boxes_without_an_order():
    assert Order.reams_in(boxes=3) == 15
    assert Order.reams_in(boxes=2**32 - 1) == 21_474_836_475
    with pytest.raises(OverflowError):
        Order.reams_in(boxes=-1)
