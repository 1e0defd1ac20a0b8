"""Looking at devices: lists and cards."""

from bot.errors import NotFound, StaleAction
from bot.model.certificates.certificates import State
from bot.model.certificates.renewal import is_renewable
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import DeviceCard, DevicePage
from bot.services.certificates.revoke import undo_until
from bot.services.context import AppContext

PAGE_SIZE = 6
_LAST_PAGE = 10_000


async def devices(app: AppContext, actor: Person, page: int = 0, *, of_everybody: bool = False) -> DevicePage:
    """One page of the actor's devices, or of everybody's for an admin.

    Raises:
        NotAllowed: not for strangers and blocked people; everybody's only for admins.
    """
    page = min(max(page, 0), _LAST_PAGE)
    check(actor, Action.ADMINISTER if of_everybody else Action.LOOK)
    async with app.store.read() as tx:
        found, total = await tx.certificates.page(None if of_everybody else actor.id, page, PAGE_SIZE)
        older = await tx.renewals.beside(*found)
        zone = await tx.zones.of_name(app.policy.zone)
    pages = max(1, -(-total // PAGE_SIZE))
    used = zone.used_slots if actor.is_admin else None
    return DevicePage(found, min(page, pages - 1), pages, total, used, zone.quota, of_everybody, older)


async def card(app: AppContext, actor: Person, public_id: str) -> DeviceCard:
    """One certificate's card.

    Raises:
        Gone: there is none, or it is not for the actor's eyes.
        NotAllowed: strangers and blocked people see none.
    """
    check(actor, Action.LOOK)
    async with app.store.read() as tx:
        try:
            certificate = await tx.certificates.of(public_id)
        except NotFound:
            raise StaleAction from None
        beside = await tx.renewals.beside(certificate)
        now = tx.now
    if certificate.device.owner_id != actor.id and not actor.is_admin:
        raise StaleAction
    until = undo_until(certificate)
    mine = certificate.revoked_by == actor.id
    own = certificate.device.owner_id == actor.id and certificate.state in {State.ACTIVE, State.EXPIRED}
    return DeviceCard(
        certificate,
        actor,
        until if until is not None and mine and until > now else None,
        renewable=own and not beside and is_renewable(certificate, now),
        in_use=next((one for one in beside if one.state is State.ACTIVE), None),
    )
