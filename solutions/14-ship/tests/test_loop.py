"""What keeps a loop from coming round, and what does not."""

import asyncio

from dunder import Progress, tally

LEDGER = "Acme;Utica;12;599\n" * 25_000


async def rounds(work, enough=lambda rounds: None):
    """How often the loop comes round meanwhile."""
    task = asyncio.ensure_future(work)
    rounds = 0
    while not task.done():
        rounds += 1
        enough(rounds)
        await asyncio.sleep(0)
    return rounds


async def added_up():
    return tally(LEDGER)


def test_who_adds_up_in_the_loop_stops_it():
    assert asyncio.run(rounds(added_up())) == 1


def test_who_adds_up_in_a_thread_does_not():
    progress = Progress()
    progress.pause()

    def enough(rounds):
        if rounds == 1_000:
            progress.resume()

    async def main():
        work = asyncio.to_thread(tally, LEDGER, progress=progress)
        return await rounds(work, enough)

    assert asyncio.run(main()) >= 1_000
