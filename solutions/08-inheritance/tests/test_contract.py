import pytest

from dunder import ContractOrder, Ledger, Order


@pytest.fixture
def contract():
    return ContractOrder("Acme", 12, 599, percent=10)


def test_a_contract_order_is_an_order(contract):
    assert isinstance(contract, Order)
    assert (contract.customer, contract.reams) == ("Acme", 12)
    assert contract.percent == 10


def test_its_total_is_less(contract):
    assert contract.total_cents() == 6470


def test_the_rest_is_inherited(contract):
    contract.add_reams(8)
    assert contract.total_cents() == 10782


def test_a_percent_out_of_range_is_refused():
    with pytest.raises(ValueError, match="percent must be 0 to 99"):
        ContractOrder("Acme", 12, 599, percent=100)
    with pytest.raises(ValueError, match="percent must be 0 to 99"):
        ContractOrder("Acme", 12, 599, percent=-1)
    with pytest.raises(ValueError, match="reams must be"):
        ContractOrder("Acme", 0, 599, percent=10)


def test_no_percent_and_nearly_all_are_in_range():
    assert ContractOrder("Acme", 12, 599, 0).total_cents() == 7188
    assert ContractOrder("Acme", 12, 599, 99).total_cents() == 72


def test_a_ledger_asks_the_order_for_its_total(contract):
    ledger = Ledger()
    ledger.add(Order("Acme", 12, 599))
    ledger.add(contract)
    assert ledger.total().cents == 7188 + 6470


def test_a_contract_is_not_made_from_a_line():
    with pytest.raises(TypeError, match="percent"):
        ContractOrder.from_line("Acme;Utica;12;599")
