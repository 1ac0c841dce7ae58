import pytest

from dunder import Ledger, Order


@pytest.fixture
def orders():
    return [Order("Acme", reams, 599) for reams in (1, 2, 3)]


@pytest.fixture
def ledger(orders):
    ledger = Ledger()
    for order in orders:
        ledger.add(order)
    return ledger


def test_a_ledger_has_a_length(ledger):
    assert len(ledger) == 3
    assert not Ledger()


def test_an_order_is_found_by_its_place(ledger, orders):
    assert ledger[0] is orders[0]
    assert ledger[2] is orders[2]


def test_places_count_from_the_end(ledger, orders):
    assert ledger[-1] is orders[2]
    assert ledger[-3] is orders[0]


@pytest.mark.parametrize("place", [3, -4, 2**62, -(2**62)])
def test_a_place_that_is_not_there_is_an_index_error(ledger, place):
    with pytest.raises(
        IndexError, match=f"no place {place} in a ledger of 3$"
    ):
        ledger[place]


@pytest.mark.parametrize("place", ["Acme", 1.0, None])
def test_a_place_is_a_number_or_a_slice(ledger, place):
    with pytest.raises(TypeError, match="as an integer$"):
        ledger[place]


@pytest.mark.parametrize(
    "cut",
    [
        slice(None),
        slice(1, None),
        slice(None, -1),
        slice(None, None, -1),
        slice(2, 0, -2),
        slice(5, 9),
        slice(-9, 9, 2),
    ],
)
def test_a_slice_is_a_list_as_of_a_list(ledger, orders, cut):
    got = ledger[cut]
    assert type(got) is list
    assert [id(one) for one in got] == [
        id(one) for one in orders[cut]
    ]


def test_asking_for_anything_never_fails(ledger, orders):
    assert orders[1] in ledger
    assert Order("Acme", 9, 599) not in ledger
    assert "Acme" not in ledger
    assert None not in ledger


def test_a_ledger_can_be_walked_through(ledger, orders):
    assert [id(one) for one in ledger] == [id(one) for one in orders]
    assert [one.reams for one in reversed(ledger)] == [3, 2, 1]


def test_what_is_added_on_the_way_is_not_met(ledger, orders):
    for order, _ in zip(ledger, range(9), strict=False):
        ledger.add(order)
    assert len(ledger) == 6


def test_all_or_nothing(ledger, orders):
    with pytest.raises(ZeroDivisionError), ledger as same:
        assert same is ledger
        ledger.add(orders[0])
        1 / 0  # noqa: B018
    assert len(ledger) == 3


def test_an_interrupt_leaves_no_half(ledger, orders):
    with pytest.raises(KeyboardInterrupt), ledger:
        ledger.add(orders[0])
        raise KeyboardInterrupt
    assert len(ledger) == 3


def test_what_went_well_stays(ledger, orders):
    with ledger:
        ledger.add(orders[0])
    assert len(ledger) == 4


def test_inside_another_only_the_inner_is_undone(ledger, orders):
    with ledger:
        ledger.add(orders[0])
        with pytest.raises(KeyError), ledger:
            ledger.add(orders[1])
            raise KeyError
    assert len(ledger) == 4
    assert ledger[-1] is orders[0]


def test_around_another_all_is_undone(ledger, orders):
    with pytest.raises(KeyError), ledger:
        ledger.add(orders[0])
        with ledger:
            ledger.add(orders[1])
        raise KeyError
    assert len(ledger) == 3
