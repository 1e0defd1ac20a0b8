"""Who knocked and was turned away, for an admin who asks."""

from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import StatusOrdered
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.notifications.message_payload import message_payload
from bot.store.engine.database import Cause


async def order(app: AppContext, actor: Person, shown_at: MessageRef, cause: Cause | None = None) -> StatusOrdered:
    """Have Cloudflare asked; the message ``shown_at`` becomes what it tells.

    Raises:
        NotAllowed, Frozen: nothing is asked.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        payload = {"to": actor.telegram_id, **message_payload(shown_at)}
        await tx.jobs.add(JobKind.LIST_BLOCKED, f"knocks:{actor.telegram_id}", payload=payload)
    return StatusOrdered()
