"""Somebody presses Ctrl-C while a branch does not answer."""

import asyncio
import signal

from branches import all_called, all_left, opened

from dunder import read_ledger

# Whoever was started in the background ignores Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
done = []


async def press(branches):
    await all_called(branches)
    signal.raise_signal(signal.SIGINT)


async def main():
    branches, [utica] = await opened("Utica")
    pressing = asyncio.create_task(press(branches))
    try:
        await read_ledger(utica)
    finally:
        await pressing
        await all_left(branches)
        done.append("hung up")


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("KeyboardInterrupt, and", *done)
