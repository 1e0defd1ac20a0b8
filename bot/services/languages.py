"""In which language somebody is spoken to: Telegram's, until they choose one."""

from bot.model.access import Action
from bot.model.chores import ChoreKind
from bot.model.people import Person
from bot.model.results import LanguageNow
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.store.database import Cause


async def choose(parts: Parts, actor: Person, code: str, cause: Cause | None = None) -> LanguageNow:
    """Speak to the actor in that language from now on; the menu follows.

    Raises:
        NotAllowed: nothing changed.
    """
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.LOOK)
        await tx.people.prefer(actor, chosen_language=code)
        await tx.chores.add(ChoreKind.MENU, str(actor.telegram_id))
    return LanguageNow(code)
