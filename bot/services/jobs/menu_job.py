"""Keeping each chat's command menu as its owner's role wants it: set where it differs from what was set last."""

from datetime import timedelta

import structlog

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, NotFound, RetryAt, Unreachable
from bot.model.jobs import EACH, EVERYBODY, Job, JobKind
from bot.model.people.people import Person, Role, Standing
from bot.services.context import AppContext
from bot.services.notifications.show import pause

_log = structlog.get_logger()
_MAX_ATTEMPTS = 10
_AT_ONCE = 25
"""Menus of a portion: what was set of it is written down at its end, and other menus have their turn."""


async def menu(app: AppContext, job: Job) -> None:
    """Set the menu of the account that is the subject, by the role it has now, or of all who have none of their own;
    or look at each.

    Cosmetic: given up sooner than words.
    """
    try:
        if job.subject == EACH:
            await _each(app, job)
        elif job.subject == EVERYBODY:
            await _set_everybodys(app)
        else:
            await _set_own(app, int(job.subject))
    except (Unreachable, CannotShow) as trouble:
        _log.info("menu not set", trouble=type(trouble).__name__)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if isinstance(trouble, DeliveryUnknown):
            async with app.store.write() as tx:
                await tx.menus.forget(job.subject)
        if job.attempts < _MAX_ATTEMPTS:
            raise RetryAt(app.clock.now() + pause(job, trouble)) from None


async def _set_everybodys(app: AppContext) -> None:
    wanted = app.notifier.menu_of_everybody()
    async with app.store.read() as tx:
        if await tx.menus.shown_to(EVERYBODY) == wanted:
            return
    await app.notifier.set_menu_of_everybody()
    async with app.store.write() as tx:
        await tx.menus.keep({EVERYBODY: wanted})


async def _set_own(app: AppContext, to: int) -> None:
    async with app.store.read() as tx:
        try:
            known = await tx.people.of_telegram(to)
            role, language = _shown(known), known.language
        except NotFound:
            role, language = Role.NONE, ""
        wanted = app.notifier.menu_of(role, language)
        if await tx.menus.shown_to(str(to)) == wanted:
            return
    await app.notifier.set_menu(to, role, language)
    async with app.store.write() as tx:
        await tx.menus.keep({str(to): wanted})


async def _each(app: AppContext, job: Job) -> None:
    """A portion of those whose menu differs, by number; the chore comes again for the next.

    Whoever blocked the bot is left out: their menu is looked at when they write again.

    Raises:
        RetryAt: there are more, or Telegram has no time now.
    """
    after = int(job.payload.get("after", 0))
    async with app.store.read() as tx:
        shown = await tx.menus.shown()
        known = sorted(await tx.people.everybody(), key=lambda person: person.telegram_id)
    differ = [
        (person, wanted)
        for person in known
        if person.telegram_id > after
        and person.reachable
        and shown.get(str(person.telegram_id)) != (wanted := app.notifier.menu_of(_shown(person), person.language))
    ]
    now_shown: dict[str, str] = {}
    later: RetryAt | None = None
    for person, wanted in differ[:_AT_ONCE]:
        try:
            if await _is_set(app, person):
                now_shown[str(person.telegram_id)] = wanted
        except ChatBusy as busy:
            later = RetryAt(app.clock.now() + timedelta(seconds=max(1.0, busy.retry_after)), {"after": after})
            break
        after = person.telegram_id
    async with app.store.write() as tx:
        await tx.menus.keep(now_shown)
    if later is None and len(differ) > _AT_ONCE:
        later = RetryAt(app.clock.now(), {"after": after})
    if later is not None:
        raise later


async def _is_set(app: AppContext, person: Person) -> bool:
    """Set one; whether it is. What nobody knows is tried again by itself."""
    try:
        await app.notifier.set_menu(person.telegram_id, _shown(person), person.language)
    except (Unreachable, CannotShow) as trouble:
        _log.info("menu not set", trouble=type(trouble).__name__)
        return False
    except DeliveryUnknown:
        async with app.store.write() as tx:
            await tx.menus.forget(str(person.telegram_id))
            await tx.jobs.add(JobKind.MENU, str(person.telegram_id))
        return False
    return True


def _shown(known: Person) -> Role:
    gone = known.standing in {Standing.BLOCKED, Standing.REMOVED}
    return Role.NONE if gone else known.role
