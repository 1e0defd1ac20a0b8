"""Wanting a certificate: made at once for whoever may have it without a tap, asked of the admins for the rest.

What was written wrongly ends nothing: the bot asks for the name, or for how long, and the next text answers.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.errors import InvalidInput, InvalidName, InvalidValidity, NameTaken, StaleAction, UnclearTime
from bot.model.certificates.certificates import KeyType
from bot.model.certificates.names import device_name
from bot.model.certificates.order_input import DeviceOrder, NameAsked, ValidityAsked, read_order, read_validity
from bot.model.dates import whole_days
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.public_id import new_public_id
from bot.model.results import Asked, Ordered, RequestAsked
from bot.services.authorization import authorize, may_skip_approval
from bot.services.certificates.order import Wishes, cancel_prompt, order_with_own_key, place_order
from bot.services.context import PROMPT_TTL, AppContext
from bot.services.people.requests import ask_for_device
from bot.store.engine.database import Cause
from bot.store.people.prompts import Prompt, PromptKind

Wanted = Ordered | Asked | RequestAsked | NameAsked | ValidityAsked
THE_NAME = "name"
"""What a button answers where the time was none, but part of the name."""


async def want(
    app: AppContext, actor: Person, name: str, wishes: Wishes, cause: Cause | None = None
) -> Ordered | Asked:
    """Order a certificate for the actor's own device of that name, or ask the admins for it.

    Raises:
        BadName, NameTaken, LimitReached, ZoneFull, AlreadyAsked, TooManyWaiting, NotAllowed, Frozen: nothing was
            ordered, nothing asked.
    """
    check(actor, Action.WANT)
    wanted = device_name(name)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.WANT)
        if await may_skip_approval(tx, actor):
            await cancel_prompt(tx, actor)
            return await place_order(app, tx, actor, wanted, wishes, tell_admins=True)
        asked = await ask_for_device(app, tx, actor, wanted, wishes.days)
        await cancel_prompt(tx, actor)
        return asked


async def order(
    app: AppContext, actor: Person, words: tuple[str, ...], cause: Cause | None = None, request: bytes | None = None
) -> Wanted:
    """Carry out what stands behind ``/newcert``, or ask for what is missing or cannot be taken.

    ``request``: a CSR that came with the order.

    Raises:
        BadRequestFile, PrivateKeySent, KeyKnown: of the CSR; nothing was ordered.
        LimitReached, ZoneFull, AlreadyAsked, TooManyWaiting, NeedsTap, NotAllowed, Frozen: nothing was ordered,
            nothing asked.
    """
    check(actor, Action.WANT)
    wanted = read_order(words, _today(app))
    if request is not None:
        wanted = replace(wanted, own_key=True)
    return await _go_on(app, actor, wanted, cause, request)


async def answer_name(app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None) -> Wanted:
    """Take a plain text as the answer to the question for a name; it may have options behind it, as the command."""
    before, now = _kept(prompt), read_order(tuple(text.split()), _today(app))
    wanted = replace(
        now,
        days=now.days or before.days,
        key_type=now.key_type or before.key_type,
        own_key=now.own_key or before.own_key,
    )
    return await _go_on(app, actor, wanted, cause)


async def answer_validity(
    app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None
) -> Wanted:
    """Take a text as how long the certificate lasts."""
    wanted = _kept(prompt)
    try:
        wanted = replace(wanted, days=read_validity(text, _today(app)), unclear=None)
    except (UnclearTime, InvalidValidity) as error:
        wanted = replace(wanted, unclear=error)
    return await _go_on(app, actor, wanted, cause)


async def choose_validity(
    app: AppContext, actor: Person, question: str, choice: str, cause: Cause | None = None
) -> tuple[DeviceOrder, Wanted]:
    """Take a button of that question as how long the certificate lasts, or as part of the name.

    Raises:
        Gone: that is not what is asked now.
    """
    check(actor, Action.WANT)
    async with app.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    if prompt is None or prompt.kind is not PromptKind.VALIDITY or prompt.payload["id"] != question:
        raise StaleAction
    wanted = replace(_kept(prompt), unclear=None)
    if choice == THE_NAME:
        wanted = replace(wanted, name=wanted.whole)
    else:
        try:
            wanted = replace(wanted, days=read_validity(choice, _today(app)))
        except InvalidInput:
            raise StaleAction from None
    return wanted, await _go_on(app, actor, wanted, cause)


async def forget_question(app: AppContext, actor: Person, cause: Cause | None = None) -> None:
    """Forget the open question; an order that only waited for its request file is given up.

    Raises:
        Gone: nothing was asked.
    """
    async with app.store.write(cause) as tx:
        prompt = await tx.prompts.of(actor.id)
        if prompt is None:
            raise StaleAction
        await cancel_prompt(tx, actor)


async def _go_on(
    app: AppContext, actor: Person, wanted: DeviceOrder, cause: Cause | None, request: bytes | None = None
) -> Wanted:
    if isinstance(wanted.unclear, UnclearTime) and wanted.unclear.why == "inside":
        refused = InvalidName("time-inside", wanted.name)
        return await _ask_name(app, actor, replace(wanted, name=""), refused, cause)
    if wanted.unclear is not None:
        return await _ask_validity(app, actor, wanted, wanted.unclear, cause)
    if not wanted.name:
        return await _ask_name(app, actor, wanted, None, cause)
    wishes = Wishes(wanted.days, wanted.key_type)
    try:
        if wanted.own_key:
            return await order_with_own_key(app, actor, wanted.name, wishes, cause, request)
        return await want(app, actor, wanted.name, wishes, cause)
    except InvalidName as refused:
        return await _ask_name(app, actor, wanted, refused, cause)
    except NameTaken as taken:
        if taken.going:
            raise
        return await _ask_name(app, actor, wanted, taken, cause)


async def _ask_name(
    app: AppContext, actor: Person, wanted: DeviceOrder, refused: InvalidName | NameTaken | None, cause: Cause | None
) -> NameAsked:
    async with app.store.write(cause) as tx:
        await cancel_prompt(tx, actor)
        until = tx.now + PROMPT_TTL
        await tx.prompts.ask(actor.id, PromptKind.DEVICE_NAME, until, _payload(wanted))
    return NameAsked(until, refused)


async def _ask_validity(
    app: AppContext, actor: Person, wanted: DeviceOrder, unclear: UnclearTime | InvalidValidity, cause: Cause | None
) -> ValidityAsked:
    choices = unclear.choices if isinstance(unclear, UnclearTime) else ()
    question = new_public_id()
    async with app.store.write(cause) as tx:
        await cancel_prompt(tx, actor)
        until = tx.now + PROMPT_TTL
        payload = {**_payload(wanted), "whole": wanted.whole, "id": question}
        await tx.prompts.ask(actor.id, PromptKind.VALIDITY, until, payload)
    return ValidityAsked(
        id=question,
        until=until,
        unclear=unclear,
        choices=tuple(one for one in choices if _can_last(one, _today(app))),
        whole=wanted.whole if wanted.whole != wanted.name else "",
    )


def _can_last(choice: date | timedelta, today: date) -> bool:
    try:
        whole_days(choice, "", today)
    except InvalidInput:
        return False
    return True


def _payload(wanted: DeviceOrder) -> dict[str, Any]:
    return {"name": wanted.name, "days": wanted.days, "key_type": wanted.key_type, "own_key": wanted.own_key}


def _kept(prompt: Prompt) -> DeviceOrder:
    kept = prompt.payload
    key_type = kept.get("key_type")
    return DeviceOrder(
        name=kept.get("name", ""),
        days=kept.get("days"),
        key_type=KeyType(key_type) if key_type else None,
        own_key=kept.get("own_key", False),
        whole=kept.get("whole", ""),
    )


def _today(app: AppContext) -> date:
    return app.clock.now().astimezone(app.policy.time_zone).date()
