import importlib

import pytest

import dunder
from dunder import Ledger, Order, audit


def test_an_audit_names_what_is_wrong():
    ledger = Ledger()
    ledger.add(Order("Acme", 12, 599))
    ledger.add(Order("", 12, 599))
    ledger.add(Order(" \t", 12, 599))
    assert audit.nameless(ledger) == 2


def test_the_submodule_can_be_imported_as_a_user_would():
    assert importlib.import_module("dunder.audit") is audit
    assert audit.__name__ == "dunder.audit"


def test_the_inner_one_is_no_package():
    with pytest.raises(ModuleNotFoundError, match="not a package"):
        importlib.import_module("dunder._dunder._audit")


def test_a_star_brings_what_is_meant_for_all():
    names = {}
    exec("from dunder import *", names)  # noqa: S102
    assert "Order" in names
    assert not [name for name in dunder.__all__ if name[0] == "_"]
