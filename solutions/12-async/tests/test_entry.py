import pytest

from dunder import Branch, Entry, Money


def told(entry):
    match entry:
        case Entry.Sale(branch=Branch.Utica):
            return "Utica sold"
        case Entry.Sale(branch, reams):
            return f"{branch} sold {reams}"
        case Entry.Refund(amount, reason=None):
            return f"gave back {amount.cents}"
        case Entry.Refund(reason=reason):
            return f"gave back: {reason}"


def test_a_branch_is_one_of_four():
    assert Branch.Utica == Branch.Utica
    assert Branch.Utica != Branch.Akron
    assert len({Branch.Utica, Branch.Utica, Branch.Akron}) == 2


def test_a_branch_is_not_its_number_nor_its_name():
    assert Branch.Scranton != 0
    assert Branch.Scranton != "Scranton"


def test_nobody_makes_a_fifth_branch():
    with pytest.raises(TypeError):
        Branch("Stamford")


def test_an_entry_can_be_matched():
    assert told(Entry.Sale(Branch.Utica, 12)) == "Utica sold"
    sale = Entry.Sale(branch=Branch.Akron, reams=3)
    assert told(sale) == "Branch.Akron sold 3"
    refund = Entry.Refund(Money(599), None)
    assert told(refund) == "gave back 599"
    refund = Entry.Refund(Money(5), "damp")
    assert told(refund) == "gave back: damp"


def test_a_kind_of_entry_is_an_entry():
    assert isinstance(Entry.Sale(Branch.Utica, 12), Entry)


def test_a_sale_of_fewer_than_no_reams_is_refused():
    with pytest.raises(OverflowError):
        Entry.Sale(Branch.Utica, -1)
