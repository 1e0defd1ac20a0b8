"""Keeping each chat's command menu as its owner's role wants it: set where it differs from what was set last."""

from datetime import timedelta

import structlog

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, RetryAt, Unknown, Unreachable
from bot.model.chores import EACH, EVERYBODY, Chore, ChoreKind
from bot.model.people import Person, Role, Standing
from bot.services.chores.telling import pause
from bot.services.parts import Parts

_log = structlog.get_logger()
_MOST_ATTEMPTS = 10
_AT_ONCE = 25
"""Menus of a portion: what was set of it is written down at its end, and other menus have their turn."""


async def menu(parts: Parts, chore: Chore) -> None:
    """Set the menu of the account that is the subject, by the role it has now, or of all who have none of their own;
    or look at each.

    Cosmetic: given up sooner than words.
    """
    try:
        if chore.subject == EACH:
            await _each(parts, chore)
        elif chore.subject == EVERYBODY:
            await _set_everybodys(parts)
        else:
            await _set_own(parts, int(chore.subject))
    except (Unreachable, CannotShow) as trouble:
        _log.info("menu not set", trouble=type(trouble).__name__)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if isinstance(trouble, DeliveryUnknown):
            async with parts.store.write() as tx:
                await tx.menus.forget(chore.subject)
        if chore.attempts < _MOST_ATTEMPTS:
            raise RetryAt(parts.clock.now() + pause(chore, trouble)) from None


async def _set_everybodys(parts: Parts) -> None:
    wanted = parts.courier.menu_of_everybody()
    async with parts.store.read() as tx:
        if await tx.menus.shown_to(EVERYBODY) == wanted:
            return
    await parts.courier.set_menu_of_everybody()
    async with parts.store.write() as tx:
        await tx.menus.keep({EVERYBODY: wanted})


async def _set_own(parts: Parts, to: int) -> None:
    async with parts.store.read() as tx:
        try:
            known = await tx.people.of_telegram(to)
            role, language = _shown(known), known.language
        except Unknown:
            role, language = Role.NONE, ""
        wanted = parts.courier.menu_of(role, language)
        if await tx.menus.shown_to(str(to)) == wanted:
            return
    await parts.courier.set_menu(to, role, language)
    async with parts.store.write() as tx:
        await tx.menus.keep({str(to): wanted})


async def _each(parts: Parts, chore: Chore) -> None:
    """A portion of those whose menu differs, by number; the chore comes again for the next.

    Whoever blocked the bot is left out: their menu is looked at when they write again.

    Raises:
        RetryAt: there are more, or Telegram has no time now.
    """
    after = int(chore.payload.get("after", 0))
    async with parts.store.read() as tx:
        shown = await tx.menus.shown()
        known = sorted(await tx.people.everybody(), key=lambda person: person.telegram_id)
    differ = [
        (person, wanted)
        for person in known
        if person.telegram_id > after
        and person.reachable
        and shown.get(str(person.telegram_id)) != (wanted := parts.courier.menu_of(_shown(person), person.language))
    ]
    now_shown: dict[str, str] = {}
    later: RetryAt | None = None
    for person, wanted in differ[:_AT_ONCE]:
        try:
            if await _is_set(parts, person):
                now_shown[str(person.telegram_id)] = wanted
        except ChatBusy as busy:
            later = RetryAt(parts.clock.now() + timedelta(seconds=max(1.0, busy.retry_after)), {"after": after})
            break
        after = person.telegram_id
    async with parts.store.write() as tx:
        await tx.menus.keep(now_shown)
    if later is None and len(differ) > _AT_ONCE:
        later = RetryAt(parts.clock.now(), {"after": after})
    if later is not None:
        raise later


async def _is_set(parts: Parts, person: Person) -> bool:
    """Set one; whether it is. What nobody knows is tried again by itself."""
    try:
        await parts.courier.set_menu(person.telegram_id, _shown(person), person.language)
    except (Unreachable, CannotShow) as trouble:
        _log.info("menu not set", trouble=type(trouble).__name__)
        return False
    except DeliveryUnknown:
        async with parts.store.write() as tx:
            await tx.menus.forget(str(person.telegram_id))
            await tx.chores.add(ChoreKind.MENU, str(person.telegram_id))
        return False
    return True


def _shown(known: Person) -> Role:
    gone = known.standing in {Standing.BLOCKED, Standing.REMOVED}
    return Role.NONE if gone else known.role
