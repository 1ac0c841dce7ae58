import asyncio

import pytest
from apart import said_by, started
from served import serving

from dunder import read_ledgers


@pytest.fixture(scope="module")
def saying():
    with serving() as saying:
        yield saying


def test_each_address_has_its_ledger(saying):
    first, second = saying(b"a\nend\n"), saying(b"b\nend\n")
    assert asyncio.run(read_ledgers([first, second])) == {
        first: "a\n",
        second: "b\n",
    }


def test_they_are_ordered_by_address(saying):
    addresses = [saying(b"end\n") for _ in range(9)]
    ledgers = asyncio.run(read_ledgers(addresses[::-1]))
    assert list(ledgers) == sorted(addresses)


def test_no_branch_has_no_ledger():
    assert asyncio.run(read_ledgers([])) == {}


def test_a_part_of_them_is_not_enough(saying):
    whole, broken = saying(b"a\nend\n"), saying(b"b\n")
    with pytest.raises(ConnectionAbortedError, match=broken):
        asyncio.run(read_ledgers([whole, broken]))


def test_an_address_that_is_none_is_refused(saying):
    words = "^address must be host:port, not Utica: "
    with pytest.raises(ValueError, match=words):
        asyncio.run(read_ledgers([saying(b"a\nend\n"), "Utica"]))


@pytest.mark.parametrize(
    "addresses", ["127.0.0.1:7001", [7001], 7001]
)
def test_addresses_are_a_sequence_of_texts(addresses):
    with pytest.raises(TypeError):
        asyncio.run(read_ledgers(addresses))


def test_nobody_waits_for_the_ledger_of_another():
    assert said_by(started("at_once.py")) == ["each has its ledger"]
