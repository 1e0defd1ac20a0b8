"""Who knocked and was turned away, for an admin who asks."""

from bot.model.access import Action, check
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.people import Person
from bot.model.results import StatusOrdered
from bot.services.parts import Parts
from bot.services.revoking import message_payload
from bot.services.rights import checked
from bot.store.database import Cause


async def order(parts: Parts, actor: Person, shown_at: MessageRef, cause: Cause | None = None) -> StatusOrdered:
    """Have Cloudflare asked; the message ``shown_at`` becomes what it tells.

    Raises:
        NotAllowed, Frozen: nothing is asked.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        payload = {"to": actor.telegram_id, **message_payload(shown_at)}
        await tx.chores.add(ChoreKind.LIST_BLOCKED, f"knocks:{actor.telegram_id}", payload=payload)
    return StatusOrdered()
