"""No branch answers before all have been called."""

import asyncio
import os

from branches import all_called, opened

from dunder import read_ledgers

# More than there are threads to wait in.
COUNT = 2 * os.cpu_count() + 1


async def main():
    names = [f"Branch {i}" for i in range(COUNT)]
    branches, addresses = await opened(*names)
    reading = asyncio.create_task(read_ledgers(addresses))
    await all_called(branches)
    for branch in reversed(branches):
        branch.answer()
    assert await reading == {
        branch.address: f"Acme;{branch.name};1;599\n"
        for branch in branches
    }


asyncio.run(main())
print("each has its ledger")
