"""The line of a subject: who waits for whom, and for how long."""

import asyncio
import json

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.chat.inbound.ordering import SubjectOrder, subject_of

EVER, NOT_AT_ALL = 60.0, 0.0
ANNA, BEN, KIM, TOM = 1, 2, 3, 4


def pressed(data: str) -> bytes:
    return json.dumps({"update_id": 1, "callback_query": {"id": "1", "data": data}}).encode()


async def test_later_ones_wait_for_all_before_them_and_for_no_other_subject() -> None:
    order, came = SubjectOrder(), list[str]()
    first, second, third = (order.enter(lane, "request0") for lane in (ANNA, BEN, KIM))
    await order.enter(TOM, "request1").come(EVER)
    await order.enter(TOM, None).come(EVER)
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


async def test_nobody_waits_for_what_stands_behind_a_turn_that_takes_too_long() -> None:
    order = SubjectOrder()
    await order.enter(TOM, None).come(EVER)
    stuck = [order.enter(TOM, "request0") for _ in range(10)]
    await order.enter(ANNA, "request0").come(NOT_AT_ALL)
    assert len(order._lines["request0"]) == 1
    stuck[0].leave()


async def test_a_turn_may_take_as_long_as_others_let_it() -> None:
    """However long somebody waits, as long as no single turn takes too long."""
    order = SubjectOrder()
    before = [order.enter(TOM, None) for _ in range(5)]
    first, second = order.enter(TOM, "request0"), order.enter(ANNA, "request0")
    waiting = asyncio.create_task(second.come(NOT_AT_ALL))
    for place in before:
        await asyncio.sleep(0)
        await place.come(EVER)
        place.end()
    assert not waiting.done()
    first.end()
    await waiting


async def test_a_lane_that_waits_itself_is_not_too_slow() -> None:
    order = SubjectOrder()
    first, second, third = (order.enter(lane, "request0") for lane in (ANNA, BEN, KIM))
    waiting = [asyncio.create_task(place.come(NOT_AT_ALL)) for place in (second, third)]
    await asyncio.sleep(0.01)
    assert not any(task.done() for task in waiting)
    first.end()
    await asyncio.gather(*waiting)


async def test_a_line_is_kept_only_while_somebody_stands_in_it() -> None:
    order = SubjectOrder()
    for number in range(1000):
        order.enter(ANNA, f"{number:08d}").leave()
    assert len(order._lines) == 1


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (pressed(encode(CallbackData(CallbackAction.BLOCK, "request0"))), "request0"),
        (pressed(encode(CallbackData(CallbackAction.PATH_LONGER, "path0000", "60"))), "path0000"),
        (pressed(encode(CallbackData(CallbackAction.ADOPT, "person00", "0a1b-2c"))), "0a1b-2c"),
        (pressed(encode(CallbackData(CallbackAction.REVOKE_UNKNOWN, arg="0a1b-2c"))), "0a1b-2c"),
        (pressed(encode(CallbackData(CallbackAction.BLOCK_EVERYTHING))), "lockdown"),
        (pressed(encode(CallbackData(CallbackAction.END_LOCKDOWN))), "lockdown"),
        (pressed(encode(CallbackData(CallbackAction.PEOPLE, arg="1"))), None),
        (pressed("anything"), None),
        (json.dumps({"callback_query": None}).encode(), None),
        (json.dumps({"message": {"text": '"callback_query"'}}).encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_what_a_press_is_about(body: bytes | None, subject: str | None) -> None:
    assert subject_of(body) == subject
