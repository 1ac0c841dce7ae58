import pytest

from dunder import Order


@pytest.fixture
def order():
    return Order("Lackawanna County", reams=12, unit_price_cents=599)


def test_a_new_order_has_no_notes(order):
    assert len(order.notes) == 0


def test_notes_are_kept_oldest_first(order):
    order.add_note("rush")
    order.add_note("to the back door")
    assert list(order.notes) == ["rush", "to the back door"]


def test_a_note_is_text(order):
    with pytest.raises(TypeError):
        order.add_note(7)
    assert len(order.notes) == 0


def test_a_note_that_would_be_lost_is_refused(order):
    with pytest.raises(AttributeError, match="append"):
        order.notes.append("paid")


def test_nobody_takes_a_note_away(order):
    order.add_note("rush")
    with pytest.raises(AttributeError, match="clear"):
        order.notes.clear()
    assert list(order.notes) == ["rush"]


def test_notes_are_not_replaced(order):
    order.add_note("rush")
    with pytest.raises(AttributeError):
        order.notes = ("paid",)
    assert list(order.notes) == ["rush"]
