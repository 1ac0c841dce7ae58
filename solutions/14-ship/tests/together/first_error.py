"""One branch hangs up, and the others do not answer."""

import asyncio

from branches import all_called, all_left, opened

from dunder import read_ledgers


async def main():
    branches, addresses = await opened("Akron", "Nashua", "Utica")
    reading = asyncio.create_task(read_ledgers(addresses))
    await all_called(branches)
    nashua = branches.pop(1)
    nashua.hang_up()
    try:
        await reading
    except ConnectionAbortedError as error:
        assert str(error).startswith(f"{nashua.address}: ")
    await all_left(branches)
    print("ConnectionAbortedError, and hung up")


asyncio.run(main())
