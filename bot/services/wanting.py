"""Wanting a certificate: made at once for whoever may have it without a tap, asked of the admins for the rest."""

from bot.errors import Gone
from bot.model.access import Action, check
from bot.model.certificates import KeyType
from bot.model.names import device_name
from bot.model.people import Person
from bot.model.results import Asked, NameAsked, Ordered
from bot.services.issuing import Wishes, drop_question, place_order
from bot.services.parts import PROMPT_STAYS, Parts
from bot.services.requesting import ask_for_device
from bot.services.rights import checked, may_without_tap
from bot.store.database import Cause
from bot.store.prompts import Prompt, PromptKind


async def want(parts: Parts, actor: Person, name: str, wishes: Wishes, cause: Cause | None = None) -> Ordered | Asked:
    """Order a certificate for the actor's own device of that name, or ask the admins for it.

    Raises:
        BadName, NameTaken, LimitReached, ZoneFull, AlreadyAsked, TooManyWaiting, NotAllowed, Frozen: nothing was
            ordered, nothing asked.
    """
    check(actor, Action.WANT)
    wanted = device_name(name)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.WANT)
        if await may_without_tap(tx, actor):
            await drop_question(tx, actor)
            return await place_order(parts, tx, actor, wanted, wishes, tell_admins=True)
        asked = await ask_for_device(parts, tx, actor, wanted, wishes.days)
        await drop_question(tx, actor)
        return asked


async def ask_name(parts: Parts, actor: Person, wishes: Wishes, cause: Cause | None = None) -> NameAsked:
    """Ask for the name; the next plain text of the actor answers.

    Raises:
        NotAllowed, Frozen: nothing was asked.
    """
    check(actor, Action.WANT)
    payload = {"days": wishes.days, "key_type": wishes.key_type}
    async with parts.store.write(cause) as tx:
        until = tx.now + PROMPT_STAYS
        await drop_question(tx, actor)
        await tx.prompts.ask(actor.id, PromptKind.DEVICE_NAME, until, payload)
    return NameAsked(until)


async def answer_name(
    parts: Parts, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None
) -> Ordered | Asked:
    """Take a plain text as the answer to the question for a name. Raises what ``want`` raises; the question stays."""
    kind = prompt.payload.get("key_type")
    wishes = Wishes(prompt.payload.get("days"), KeyType(kind) if kind else None)
    return await want(parts, actor, text, wishes, cause)


async def forget_question(parts: Parts, actor: Person, cause: Cause | None = None) -> None:
    """Forget the open question; an order that only waited for its request file is given up.

    Raises:
        Gone: nothing was asked.
    """
    async with parts.store.write(cause) as tx:
        prompt = await tx.prompts.of(actor.id)
        if prompt is None:
            raise Gone
        await drop_question(tx, actor)
