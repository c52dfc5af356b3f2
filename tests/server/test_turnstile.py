from __future__ import annotations

import asyncio

from server.turnstile import Turnstile


def test_of_many_who_come_together_only_a_few_go_on_in_each_turn_of_the_loop_in_their_order() -> None:
    async def body() -> None:
        turnstile, through = Turnstile(at_once=3), list[int]()

        async def come(number: int) -> None:
            await turnstile.enter()
            through.append(number)

        tasks = [asyncio.create_task(come(number)) for number in range(10)]
        most = 0
        for _ in range(20):
            before = len(through)
            await asyncio.sleep(0)
            most = max(most, len(through) - before)
        await asyncio.gather(*tasks)
        assert through == list(range(10))
        assert most == 3

    asyncio.run(body())


def test_who_has_gone_takes_nobodys_turn() -> None:
    async def body() -> None:
        turnstile = Turnstile(at_once=1)
        first, gone, last = (asyncio.create_task(turnstile.enter()) for _ in range(3))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait_for(asyncio.gather(first, last), 5)
        assert gone.cancelled()

    asyncio.run(body())
