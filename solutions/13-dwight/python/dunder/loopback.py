"""A branch that answers on this machine, for trying things out."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


@asynccontextmanager
async def answering(ledger: str) -> AsyncGenerator[str]:
    """Answer whoever connects with a ledger, while the block runs.

    Parameters
    ----------
    ledger : str
        Its lines. The one that says `end` is added.

    Yields
    ------
    str
        The address: host and port, which only this machine reaches.

    Examples
    --------
    >>> async def main():
    ...     async with answering("Acme;Utica;12;599") as address:
    ...         return address.rpartition(":")[0]
    >>> asyncio.run(main())
    '127.0.0.1'
    """
    lines = [*ledger.splitlines(), "end"]

    async def answer(
        reader: StreamReader, writer: StreamWriter
    ) -> None:
        writer.writelines(f"{line}\n".encode() for line in lines)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"
