"""Opening a link: the token tells what it is for."""

from bot.errors import NotFound, StaleAction
from bot.model.people.links import LinkKind
from bot.model.people.people import Person
from bot.services.context import AppContext
from bot.services.operator import claim
from bot.services.people import invitations
from bot.store.engine.database import Cause


async def open_link(app: AppContext, actor: Person, token: str, cause: Cause | None = None) -> None:
    """Open the link of that token, for whoever has it.

    Raises:
        Gone: no such link, it is over, or somebody else opened it.
        Refused: of the link's own kind.
    """
    async with app.store.read() as tx:
        try:
            link = await tx.links.of_token(token)
        except NotFound:
            raise StaleAction from None
    match link.kind:
        case LinkKind.INVITE:
            await invitations.open_link(app, actor, token, cause)
        case LinkKind.CLAIM:
            await claim.open_claim(app, actor, token, cause)


async def opens_something(app: AppContext, token: str) -> bool:
    """Whether there is a link of that token that may still be opened."""
    async with app.store.read() as tx:
        try:
            link = await tx.links.of_token(token)
        except NotFound:
            return False
        return link.ended_at is None and link.opened_by is None and link.expires_at > tx.now
