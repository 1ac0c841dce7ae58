"""The time is up as soon as the branch has been called."""

import asyncio

from branches import all_called, all_left, opened

from dunder import read_ledger


async def main():
    branches, [utica] = await opened("Utica")
    now = asyncio.get_running_loop().time

    async def hurry(limit):
        await all_called(branches)
        limit.reschedule(now())

    try:
        async with asyncio.timeout(None) as limit:
            hurrying = asyncio.create_task(hurry(limit))
            await read_ledger(utica)
    except TimeoutError:
        await hurrying
        await all_left(branches)
        print("TimeoutError, and hung up")


asyncio.run(main())
