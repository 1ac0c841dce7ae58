import asyncio
import inspect
import socket

import pytest
from served import serving

from dunder import read_ledger

LINE = "Acme;Utica;12;599\n"


@pytest.fixture(scope="module")
def saying():
    with serving() as saying:
        yield saying


def test_asyncio_run_and_tasks_take_it(saying):
    assert inspect.iscoroutinefunction(read_ledger)

    async def main():
        return await asyncio.create_task(read_ledger(address))

    address = saying(f"{LINE}end\n".encode())
    assert asyncio.run(main()) == LINE
    assert asyncio.run(read_ledger(address)) == LINE


def test_it_is_no_call_before_somebody_waits():
    reading = read_ledger("nowhere")
    reading.close()


@pytest.mark.parametrize(
    ("answer", "ledger"),
    [
        (b"end\n", ""),
        (b"Acme;Utica;12;599\nend", LINE),
        (b"Acme;Utica;12;599\r\nend\r\n", LINE),
        (b"Acme;Utica;12;599\nend\nVance;Akron;3;500\n", LINE),
        (b"\n  \n ends\nend\n", "\n  \n ends\n"),
        ("Café;Utica;1;599\nend\n".encode(), "Café;Utica;1;599\n"),
    ],
    ids=["nothing", "no newline", "crlf", "more", "blank", "utf-8"],
)
def test_it_is_what_comes_before_the_line_end(saying, answer, ledger):
    assert asyncio.run(read_ledger(saying(answer))) == ledger


def test_a_long_ledger_is_whole(saying):
    address = saying((LINE * 20_000 + "end\n").encode())
    assert asyncio.run(read_ledger(address)) == LINE * 20_000


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"Acme;Utica;12;599\n",
        b"Acme;Utica;12;599\nen",
        b"The end\n",
    ],
    ids=["nothing", "a line", "half an end", "the end"],
)
def test_a_ledger_without_end_is_an_error(saying, answer):
    address = saying(answer)
    with pytest.raises(ConnectionAbortedError) as caught:
        asyncio.run(read_ledger(address))
    assert str(caught.value) == (
        f"{address}: the ledger ends before its `end`"
    )


def test_nobody_at_an_address_is_an_error():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        host, port = nobody.getsockname()
        address = f"{host}:{port}"
        with pytest.raises(ConnectionRefusedError) as caught:
            asyncio.run(read_ledger(address))
    assert str(caught.value).startswith(f"{address}: ")


def test_what_is_no_text_is_an_error(saying):
    address = saying(b"Caf\xe9;Utica;12;599\nend\n")
    with pytest.raises(OSError, match=f"(?i)^{address}: .*utf-8"):
        asyncio.run(read_ledger(address))


@pytest.mark.parametrize(
    "address",
    ["", "Utica", "127.0.0.1", "127.0.0.1:65536"],
    ids=["nothing", "a name", "no port", "no such port"],
)
def test_an_address_that_is_none_is_refused(address):
    words = f"^address must be host:port, not {address}: "
    with pytest.raises(ValueError, match=words):
        asyncio.run(read_ledger(address))


def test_an_address_is_text():
    with pytest.raises(TypeError):
        asyncio.run(read_ledger(7001))
