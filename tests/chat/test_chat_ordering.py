"""The line of a subject: who waits for whom, and for how long."""

import asyncio
import json

import pytest

from bot.chat.ordering import SubjectOrder, subject_of
from bot.chat.press import Press, Verb, encode

EVER, NOT_AT_ALL = 60.0, 0.0


def pressed(data: str) -> bytes:
    return json.dumps({"update_id": 1, "callback_query": {"id": "1", "data": data}}).encode()


async def test_later_ones_wait_for_all_before_them_and_for_no_other_subject() -> None:
    order, came = SubjectOrder(), list[str]()
    first, second, third = (order.enter("request0") for _ in range(3))
    await order.enter("request1").come(EVER)
    await order.enter(None).come(EVER)
    await first.come(EVER)

    async def comes() -> None:
        await third.come(EVER)
        came.append("third")

    waiting = asyncio.create_task(comes())
    second.leave()
    await asyncio.sleep(0)
    assert came == []
    first.leave()
    await waiting
    assert came == ["third"]


async def test_whom_somebody_waited_for_in_vain_nobody_waits_for_again() -> None:
    order = SubjectOrder()
    stuck = [order.enter("request0") for _ in range(10)]
    await order.enter("request0").come(NOT_AT_ALL)
    last = order.enter("request0")
    stuck[0].leave()
    assert len(order._lines["request0"]) == 2
    order._lines["request0"][0].leave()
    await last.come(EVER)


async def test_a_line_is_kept_only_while_somebody_stands_in_it() -> None:
    order = SubjectOrder()
    for number in range(1000):
        order.enter(f"{number:08d}").leave()
    assert len(order._lines) == 1


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (pressed(encode(Press(Verb.BLOCK, "request0"))), "request0"),
        (pressed(encode(Press(Verb.PATH_LONGER, "path0000", "60"))), "path0000"),
        (pressed(encode(Press(Verb.ADOPT, "person00", "0a1b-2c"))), "0a1b-2c"),
        (pressed(encode(Press(Verb.REVOKE_UNKNOWN, arg="0a1b-2c"))), "0a1b-2c"),
        (pressed(encode(Press(Verb.BLOCK_EVERYTHING))), "lockdown"),
        (pressed(encode(Press(Verb.END_LOCKDOWN))), "lockdown"),
        (pressed(encode(Press(Verb.PEOPLE, arg="1"))), None),
        (pressed("anything"), None),
        (json.dumps({"callback_query": None}).encode(), None),
        (json.dumps({"message": {"text": '"callback_query"'}}).encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_what_a_press_is_about(body: bytes | None, subject: str | None) -> None:
    assert subject_of(body) == subject
