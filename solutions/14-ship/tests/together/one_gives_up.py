"""Who waits for the next ledger gives up. Another one asks again."""

import asyncio
import weakref

from branches import all_called, opened

from dunder import Arrivals, reams


async def main():
    branches, addresses = await opened("Akron", "Utica")
    arrivals = Arrivals(addresses)
    wait = arrivals.__anext__()
    seen = weakref.ref(wait)
    await all_called(branches)
    wait.cancel()
    del wait
    # Rust keeps the future until it has stopped waiting. It lets go
    # of it at the next call from Python, whatever that is.
    while seen() is not None:
        reams(1)
        await asyncio.sleep(0)
    for branch in branches:
        branch.answer()
    come = [address async for address, _ in arrivals]
    print("none is lost:", sorted(come) == sorted(addresses))


asyncio.run(main())
