import asyncio

import pytest
from apart import said_by, started
from served import served

from dunder import read_ledgers


def test_each_address_has_its_ledger():
    with served(b"a\nend\n", b"b\nend\n") as [first, second]:
        assert asyncio.run(read_ledgers([first, second])) == {
            first: "a\n",
            second: "b\n",
        }


def test_they_are_ordered_by_address():
    with served(*[b"end\n"] * 9) as addresses:
        ledgers = asyncio.run(read_ledgers(addresses[::-1]))
    assert list(ledgers) == sorted(addresses)


def test_no_branch_has_no_ledger():
    assert asyncio.run(read_ledgers([])) == {}


def test_a_part_of_them_is_not_enough():
    with (
        served(b"a\nend\n", b"b\n") as addresses,
        pytest.raises(ConnectionAbortedError, match=addresses[1]),
    ):
        asyncio.run(read_ledgers(addresses))


@pytest.mark.parametrize(
    "addresses", ["127.0.0.1:7001", [7001], 7001]
)
def test_addresses_are_a_sequence_of_texts(addresses):
    with pytest.raises(TypeError):
        asyncio.run(read_ledgers(addresses))


def test_nobody_waits_for_the_ledger_of_another():
    assert said_by(started("at_once.py")) == ["each has its ledger"]
