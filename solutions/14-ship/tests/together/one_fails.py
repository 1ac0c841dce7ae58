"""One branch hangs up, and keeps nobody from the others."""

import asyncio

from branches import all_called, opened

from dunder import Arrivals


async def main():
    branches, addresses = await opened("Akron", "Nashua", "Utica")
    arrivals = Arrivals(addresses)
    await all_called(branches)
    branches.pop(1).hang_up()
    try:
        await anext(arrivals)
    except ConnectionAbortedError as error:
        assert str(error).startswith(addresses.pop(1))
    for branch in branches:
        branch.answer()
    others = [address async for address, _ in arrivals]
    print("all others:", sorted(others) == sorted(addresses))


asyncio.run(main())
