"""Who is cancelled hangs up: on one branch, and on all."""

import asyncio

from branches import all_called, all_left, opened

from dunder import read_ledger, read_ledgers


async def cancelled(reading, branches):
    task = asyncio.create_task(reading)
    await all_called(branches)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    await all_left(branches)
    names = [branch.name for branch in branches]
    print("cancelled, and hung up on", *names, flush=True)


async def main():
    branches, [utica] = await opened("Utica")
    await cancelled(read_ledger(utica), branches)
    branches, addresses = await opened("Akron", "Nashua", "Utica")
    await cancelled(read_ledgers(addresses), branches)


asyncio.run(main())
