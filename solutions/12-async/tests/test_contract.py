import pytest

from dunder import ContractOrder, Ledger, Order


@pytest.fixture
def contract():
    return ContractOrder("Acme", 12, 599, percent=10)


def test_a_contract_order_is_an_order(contract):
    assert isinstance(contract, Order)
    assert (contract.customer, contract.reams) == ("Acme", 12)
    assert contract.percent == 10
    with pytest.raises(AttributeError):
        contract.percent = 99


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


def test_its_receipt_says_the_same_total(contract):
    assert contract.receipt().total_cents == 6470


def test_another_kind_is_equal_to_itself_alone(contract):
    same = ContractOrder("Acme", 12, 599, percent=20)
    assert contract != Order("Acme", 12, 599)
    assert Order("Acme", 12, 599) != contract
    assert contract != same
    again = contract
    assert contract == again


def test_another_kind_is_not_shown_as_an_order(contract):
    assert (
        repr(contract) == "<ContractOrder as Order('Acme', 12, 599)>"
    )


class Dear(Order):
    def total_cents(self):
        return 2**62


def test_too_much_in_a_ledger_is_an_error():
    ledger = Ledger()
    for _ in range(2):
        ledger.add(Dear("Acme", 1, 1))
    with pytest.raises(OverflowError, match="an amount is -9223"):
        ledger.total()


class Exact(Order):
    def total_cents(self):
        return 2**53 + 1


def test_a_large_total_is_exact_to_the_cent():
    ledger = Ledger()
    ledger.add(Exact("Acme", 1, 1))
    assert ledger.total().cents == 2**53 + 1


class Growing(Order):
    def total_cents(self):
        self.add_reams(1)
        return super().total_cents()


def test_an_order_may_change_while_it_is_asked():
    assert Growing("Acme", 1, 599).receipt().total_cents == 1198


def test_a_contract_is_not_made_from_a_line():
    with pytest.raises(TypeError, match="percent"):
        ContractOrder.from_line("Acme;Utica;12;599")
