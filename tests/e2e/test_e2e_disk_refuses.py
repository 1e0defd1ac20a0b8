"""A disk that takes nothing once something has gone out: it is not sent again, and it is not left behind."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from bot.model.certificates.certificates import State
from bot.model.jobs import JobKind
from bot.store.tables.core import certificate as table
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS
from tests.refusing_disk import Disk


async def test_a_file_in_a_new_message(home: Household) -> None:
    """The message that spoke of the making was deleted by hand."""
    sign = home.world.cloudflare.fault(call="POST *client_certificates*", hold=True)
    home.phone("Anna").send("/newcert pixel8")
    await asyncio.wait_for(sign.reached.wait(), LAST_RESORT_SECONDS)
    home.phone("Anna").delete(home.newest("Anna").message_id)
    sent = home.world.telegram.fault(call="sendDocument", when="after", hold=True)
    home.world.cloudflare.release()
    await asyncio.wait_for(sent.reached.wait(), LAST_RESORT_SECONDS)
    disk = Disk(home)
    disk.refuses = True
    home.world.end_trouble()
    for _ in range(2):
        await asyncio.sleep(0.2)
        home.world.clock.plus(timedelta(seconds=31))
    disk.refuses = False
    for _ in range(2):
        await home.clock(seconds=31)
    files = [message for message in home.phone("Anna").chat if message.document]
    assert len(files) == 1
    await home.tap("Anna", "Password")
    await home.clock(minutes=70)
    assert not any(message.document for message in home.phone("Anna").chat)


async def test_a_file_that_a_restart_takes_back_leaves_the_chat(home: Household) -> None:
    parts = home.bot.app.parts
    await home.say("Anna", "/newcert pixel8")
    there = home.newest("Anna")
    async with parts.store.write() as tx:
        (certificate,) = await tx.certificates.in_state(State.ACTIVE)
        payload = {"pem": "", "chat_id": home.phone("Anna").user_id, "message_id": there.message_id}
        later = tx.now + timedelta(seconds=2)
        await tx.jobs.add(JobKind.DELIVER, certificate.public_id, due_at=later, payload=payload)
        # As it was before it could be written down.
        rows = update(table).values(sent_at=None, chat_id=None, message_id=None)
        await tx.audit._connection.execute(rows)
    await home.restart()
    await home.clock(seconds=3)
    assert home.live() == []
    assert not any(message.document for message in home.phone("Anna").chat)
