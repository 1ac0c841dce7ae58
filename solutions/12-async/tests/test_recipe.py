"""The usual recipe for a closed class in Python: what walks past it."""

import pytest


class Order:
    __slots__ = ("__reams",)

    def __init__(self, reams):
        if reams < 1:
            raise ValueError(f"at least 1 ream, not {reams}")
        self.__reams = reams

    @property
    def reams(self):
        return self.__reams


def test_the_property_stops_an_assignment():
    with pytest.raises(AttributeError):
        Order(12).reams = 1200


def test_slots_stop_a_new_attribute():
    with pytest.raises(AttributeError):
        Order(12).bonus = 1


def test_two_underscores_are_only_a_longer_name():
    order = Order(12)
    order._Order__reams = -3
    assert order.reams == -3


def test_init_can_be_called_again():
    order = Order(12)
    order.__init__(1200)
    assert order.reams == 1200


def test_new_asks_no_questions():
    assert not hasattr(object.__new__(Order), "reams")


def test_the_class_itself_is_open(monkeypatch):
    order = Order(12)
    monkeypatch.setattr(Order, "reams", 1200)
    assert order.reams == 1200
