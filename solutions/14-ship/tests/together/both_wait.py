"""Two wait for the next ledger at once."""

import asyncio

from branches import all_called, opened

from dunder import Arrivals


async def main():
    branches, addresses = await opened("Akron", "Utica")
    arrivals = Arrivals(addresses)
    waits = [anext(arrivals), anext(arrivals)]
    await all_called(branches)
    for branch in branches:
        branch.answer()
    come = [address for address, _ in await asyncio.gather(*waits)]
    print("each has one:", sorted(come) == sorted(addresses))


asyncio.run(main())
