"""Keeping each chat's command menu as its owner's role wants it."""

import structlog

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, RetryAt, Unknown, Unreachable
from bot.model.chores import EVERYBODY, Chore
from bot.model.people import Person, Role, Standing
from bot.services.chores.telling import pause
from bot.services.parts import Parts

_log = structlog.get_logger()
_MOST_ATTEMPTS = 10


async def menu(parts: Parts, chore: Chore) -> None:
    """Set the menu of the account that is the subject, by the role it has now, or of all who have none of their own.

    Cosmetic: given up sooner than words.
    """
    try:
        if chore.subject == EVERYBODY:
            await parts.courier.set_menu_of_everybody()
        else:
            await _set_own(parts, int(chore.subject))
    except (Unreachable, CannotShow) as trouble:
        _log.info("menu not set", trouble=type(trouble).__name__)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if chore.attempts < _MOST_ATTEMPTS:
            raise RetryAt(parts.clock.now() + pause(chore, trouble)) from None


async def _set_own(parts: Parts, to: int) -> None:
    async with parts.store.read() as tx:
        try:
            known = await tx.people.of_telegram(to)
            role, language = _shown(known), known.language
        except Unknown:
            role, language = Role.NONE, ""
    await parts.courier.set_menu(to, role, language)


def _shown(known: Person) -> Role:
    gone = known.standing in {Standing.BLOCKED, Standing.REMOVED}
    return Role.NONE if gone else known.role
