"""Ledgers over the wire, for whoever has an event loop."""

import atexit
from collections.abc import Sequence

from dunder import _dunder
from dunder._dunder import Arrivals

__all__ = ["Arrivals", "read_ledger", "read_ledgers"]

# Who sets a result while Python ends brings the process down.
atexit.register(_dunder.end)


async def read_ledger(address: str) -> str:
    """Read a branch's ledger.

    Parameters
    ----------
    address : str
        Where the branch answers: host and port, with `:` between them.

    Returns
    -------
    str
        The ledger's lines. The one that says `end` is not among them.

    Raises
    ------
    ValueError
        If `address` is not host and port.
    ConnectionError
        If nobody listens there, or the ledger ends before its `end`.
    OSError
        If it cannot be read for another reason, or is not UTF-8.

    Notes
    -----
    It waits as long as the branch does: see `asyncio.timeout`. To cancel
    it is to hang up. All errors name the address.

    Examples
    --------
    >>> import asyncio
    >>> from dunder.loopback import answering
    >>> async def main():
    ...     async with answering("Acme;Utica;12;599") as address:
    ...         return await read_ledger(address)
    >>> asyncio.run(main())
    'Acme;Utica;12;599\\n'
    """
    return await _dunder.read_ledger(address)


async def read_ledgers(addresses: Sequence[str]) -> dict[str, str]:
    """Read the ledgers of many branches, all at once.

    Parameters
    ----------
    addresses : sequence of str
        As for `read_ledger`.

    Returns
    -------
    dict of str to str
        The ledger of each address, ordered by address.

    Raises
    ------
    ValueError, ConnectionError, OSError
        As `read_ledger`, for the first that fails.

    Notes
    -----
    To cancel it is to hang up on all branches. So does an error.

    Examples
    --------
    >>> import asyncio
    >>> from dunder.loopback import answering
    >>> async def main():
    ...     async with answering("Acme;Utica;12;599") as utica:
    ...         return list((await read_ledgers([utica])).values())
    >>> asyncio.run(main())
    ['Acme;Utica;12;599\\n']
    """
    return await _dunder.read_ledgers(addresses)
