"""Looking at the household: everybody on pages, and a card for each."""

from bot.errors import NotFound, StaleAction
from bot.model.people.access import Action, check, may
from bot.model.people.directory import PeoplePage, PersonCard, PersonLine
from bot.model.people.people import FreezeReason, Person, Standing
from bot.model.people.requests import RequestKind
from bot.services.authorization import device_limit_of
from bot.services.context import AppContext
from bot.services.people.lookalikes import most_like, resembled
from bot.store.engine.database import Transaction

PAGE_SIZE = 8
_LAST_PAGE = 10_000


async def page(app: AppContext, actor: Person, number: int = 0) -> PeoplePage:
    """One page of everybody.

    Raises:
        NotAllowed, Frozen: for admins only.
    """
    check(actor, Action.ADMINISTER)
    number = min(max(number, 0), _LAST_PAGE)
    async with app.store.read() as tx:
        found, total = await tx.people.page(number, PAGE_SIZE)
        everybody = await tx.people.everybody()
        lines = tuple(
            [
                PersonLine(person, await tx.certificates.count_held(person.id), most_like(person, everybody))
                for person in found
            ]
        )
        alone = len(await tx.people.admins()) == 1
    pages = max(1, -(-total // PAGE_SIZE))
    return PeoplePage(lines, min(number, pages - 1), pages, total, alone)


async def card(app: AppContext, actor: Person, public_id: str) -> PersonCard:
    """Somebody's card.

    Raises:
        Gone: there is nobody of that id.
        NotAllowed, Frozen: for admins only.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.read() as tx:
        try:
            person = await tx.people.of(public_id)
        except NotFound:
            raise StaleAction from None
        return await card_of(app, tx, actor, person)


async def card_of(app: AppContext, tx: Transaction, viewer: Person, person: Person) -> PersonCard:
    """The card of a person as they are now."""
    other = viewer.id != person.id
    frozen_by = None if person.frozen_by is None else (await tx.people.of_id(person.frozen_by)).name
    makes_admins = may(viewer, Action.MAKE_ADMINS)
    return PersonCard(
        person=person,
        viewer=viewer,
        held=await tx.certificates.count_held(person.id),
        limit=device_limit_of(person, app.policy),
        usual=app.policy.device_limit,
        frozen_by_name=frozen_by,
        changeable=other and not person.permanent and (makes_admins or not person.is_admin),
        liftable=other and person.standing is Standing.FROZEN and person.freeze_reason is not FreezeReason.SERVER,
        admins_too=other and not person.permanent and makes_admins,
        asked=await tx.requests.last_of(person, RequestKind.COME_IN) if person.is_guest else None,
        resembles=await resembled(tx, person),
    )
