"""Branches on loopback. None answers before it is told to."""

import asyncio
import faulthandler
import sys

SECONDS = int(sys.argv[1])
# A loop that is blocked has no timers. This one needs none.
faulthandler.dump_traceback_later(SECONDS, exit=True)


class Branch:
    """Sees who calls, answers when told to, sees who hangs up."""

    def __init__(self, name):
        self.name = name
        self.called, self.left = asyncio.Event(), asyncio.Event()

    async def open(self):
        self.server = await asyncio.start_server(
            self.meet, "127.0.0.1", 0
        )
        host, port = self.server.sockets[0].getsockname()
        self.address = f"{host}:{port}"

    async def meet(self, reader, writer):
        self.caller = writer
        self.called.set()
        try:
            await reader.read()
        except (ConnectionError, asyncio.CancelledError):
            pass  # it was rough, or the program is over
        self.left.set()
        writer.close()

    def answer(self):
        """Say it all, and leave it to the caller to hang up."""
        self.caller.write(f"Acme;{self.name};1;599\nend\n".encode())

    def hang_up(self):
        self.caller.close()


async def opened(*names):
    """Branches that listen, and the address of each."""
    branches = [Branch(name) for name in names]
    for branch in branches:
        await branch.open()
    return branches, [branch.address for branch in branches]


async def all_called(branches):
    await all_have("called", branches, "has not been called")


async def all_left(branches):
    await all_have("left", branches, "is still connected")


async def all_have(event, branches, otherwise):
    try:
        for branch in branches:
            happens = getattr(branch, event).wait()
            await asyncio.wait_for(happens, SECONDS / 2)
    except TimeoutError:
        sys.exit(f"{branch.name} {otherwise}")
