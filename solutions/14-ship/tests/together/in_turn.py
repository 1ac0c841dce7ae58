"""The branches answer in another order than they were called."""

import asyncio

from branches import all_called, opened

from dunder import Arrivals


async def main():
    branches, addresses = await opened("Akron", "Nashua", "Utica")
    names = {branch.address: branch.name for branch in branches}
    arrivals = Arrivals(addresses)
    await all_called(branches)
    for branch in branches[2], branches[0], branches[1]:
        branch.answer()
        address, ledger = await anext(arrivals)
        print(names[address], "sent", ledger.strip())
    print("and then", [name async for name in arrivals])


asyncio.run(main())
