"""Opening a link: the token tells what it is for."""

from bot.errors import Gone, Unknown
from bot.model.links import LinkKind
from bot.model.people import Person
from bot.services import claiming, inviting
from bot.services.parts import Parts
from bot.store.database import Cause


async def open_link(parts: Parts, actor: Person, token: str, cause: Cause | None = None) -> None:
    """Open the link of that token, for whoever has it.

    Raises:
        Gone: no such link, it is over, or somebody else opened it.
        Refused: of the link's own kind.
    """
    async with parts.store.read() as tx:
        try:
            link = await tx.links.of_token(token)
        except Unknown:
            raise Gone from None
    match link.kind:
        case LinkKind.INVITE:
            await inviting.open_link(parts, actor, token, cause)
        case LinkKind.CLAIM:
            await claiming.open_claim(parts, actor, token, cause)


async def opens_something(parts: Parts, token: str) -> bool:
    """Whether there is a link of that token that may still be opened."""
    async with parts.store.read() as tx:
        try:
            link = await tx.links.of_token(token)
        except Unknown:
            return False
        return link.ended_at is None and link.opened_by is None and link.expires_at > tx.now
