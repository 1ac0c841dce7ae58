"""One ledger is enough: nobody holds the iterator any more."""

import asyncio

from branches import all_called, all_left, opened

from dunder import Arrivals


async def main():
    branches, addresses = await opened("Akron", "Nashua", "Utica")
    arrivals = Arrivals(addresses)
    await all_called(branches)
    branches[1].answer()
    async for address, _ in arrivals:
        print(address == branches[1].address)
        break
    del arrivals
    await all_left(branches)
    print("hung up")


asyncio.run(main())
