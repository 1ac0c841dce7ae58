"""Branches answer while Python ends: nobody is left to be told."""

import asyncio
import os

from branches import all_called, opened

from dunder import _dunder


class Last:
    """Lives longer than all else that Python runs."""

    def __init__(self, branches):
        sockets = [
            b.caller.get_extra_info("socket") for b in branches
        ]
        self.sockets = [os.dup(s.fileno()) for s in sockets]

    def __del__(self, write=os.write, read=os.read):
        for socket in self.sockets:
            os.set_blocking(socket, True)
            write(socket, b"end\n")
            read(socket, 1)


async def main():
    branches, addresses = await opened(*"abcdefghijklmnopqrstuvwxyz")
    # Nobody waits for these, so nobody cancels them.
    futures = [_dunder.read_ledger(address) for address in addresses]
    await all_called(branches)
    return Last(branches), futures


last, futures = asyncio.run(main())
print("the last line")
