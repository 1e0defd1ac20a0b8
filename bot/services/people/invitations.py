"""Inviting: a contact that an admin picks needs no further yes; whoever opens a link still needs the tap."""

from typing import Any

from bot.errors import NotFound, StaleAction
from bot.model.audit import AuditTag
from bot.model.people.access import Action, check
from bot.model.people.links import LinkKind
from bot.model.people.people import Account, Person, Role, Standing
from bot.model.people.request_notices import YouAreIn
from bot.model.people.requests import Request, RequestKind, RequestState
from bot.model.results import Asked, Invitation, InviteAsked, Invited, Secret
from bot.services.authorization import authorize
from bot.services.context import INVITATION, PERMISSION, PROMPT_TTL, AppContext
from bot.services.notifications import request_messages
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.people.decisions import let_in
from bot.services.people.lookalikes import resembled
from bot.services.people.requests import come_in
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.people.prompts import Prompt, PromptKind

_LABEL_LENGTH = 40


async def ask_whom(app: AppContext, actor: Person, cause: Cause | None = None) -> InviteAsked:
    """Ask for a contact, or for a name to make a link for.

    Raises:
        NotAllowed, Frozen: nothing was asked.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        until = tx.now + PROMPT_TTL
        await tx.prompts.ask(actor.id, PromptKind.INVITE_NAME, until)
    return InviteAsked(until)


async def make_link(app: AppContext, actor: Person, label: str, cause: Cause | None = None) -> Invitation:
    """Make a link for somebody. Opening it asks to come in; an admin still decides.

    Raises:
        NotAllowed, Frozen: no link was made.
    """
    check(actor, Action.ADMINISTER)
    plain = " ".join("".join(c if c.isprintable() else " " for c in label).split())[:_LABEL_LENGTH]
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        await tx.prompts.answered(actor.id)
        link, token = await tx.links.make(
            LinkKind.INVITE, expires_at=tx.now + INVITATION, tag=AuditTag.LINK_MADE, maker=actor, label=plain
        )
    return Invitation(link, Secret(token))


async def answer_name(
    app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None
) -> Invitation:
    """Take a text as the name of whom the link is for. Raises as ``make_link``."""
    del prompt
    return await make_link(app, actor, text, cause)


async def open_link(app: AppContext, actor: Person, token: str, cause: Cause | None = None) -> Asked:
    """Somebody came by an invitation: that asks to come in.

    Raises:
        Gone: no such link, it is over, or somebody else opened it; or the opener belongs here already.
        AlreadyAsked, AskedLately, TooManyWaiting: nothing was asked; the link still works.
    """
    if actor.role not in {Role.NONE, Role.GUEST}:
        raise StaleAction
    async with app.store.write(cause) as tx:
        try:
            link = await tx.links.of_token(token)
        except NotFound:
            raise StaleAction from None
        if link.kind is not LinkKind.INVITE:
            raise StaleAction
        account = Account(telegram_id=actor.telegram_id, name=actor.name, language=actor.language)
        opened = await tx.links.open(link, account)
        return await come_in(app, tx, actor, opened)


async def invite(app: AppContext, actor: Person, picked: Account, cause: Cause | None = None) -> Invited:
    """Let a picked contact in: the pick is the admin's yes. They start the bot themselves.

    Raises:
        Gone: nobody was asked for, or the contact is the admin themself, or is blocked here.
        NotAllowed, Frozen: nobody was let in.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        prompt = await tx.prompts.of(actor.id)
        if prompt is None or prompt.kind is not PromptKind.INVITE_NAME:
            # A picked contact arrives without any tie to a button of ours: only the open question makes it a yes.
            raise StaleAction
        await tx.prompts.answered(actor.id)
        person, known = await _picked(tx, actor, picked)
        if known:
            return Invited(person, known=True)
        request = await _allowed(tx, actor, person)
        person = await let_in(tx, person, actor)
        if person.reachable:
            await enqueue_notice(tx, YouAreIn, person.telegram_id, request=request.public_id)
        return Invited(person, known=False, resembles=await resembled(tx, person))


async def _allowed(tx: Transaction, actor: Person, person: Person) -> Request:
    """The permission that comes with the pick: what they had asked for already, or a new one."""
    yes: dict[str, Any] = {"decided_by": actor.id, "decided_at": tx.now, "permission_until": tx.now + PERMISSION}
    for waiting in await tx.requests.open_of(person):
        request = await tx.requests.move(
            waiting, RequestState.APPROVED, tag=AuditTag.REQUEST_APPROVED, actor=actor_of(actor), **yes
        )
        await request_messages.refresh(tx, request)
        return request
    return await tx.requests.add(
        person,
        RequestKind.COME_IN,
        tag=AuditTag.REQUEST_APPROVED,
        actor=actor_of(actor),
        expires_at=tx.now,
        state=RequestState.APPROVED,
        **yes,
    )


async def _picked(tx: Transaction, actor: Person, picked: Account) -> tuple[Person, bool]:
    """The picked person's row, made when it is new, and whether they belonged here before."""
    if picked.telegram_id == actor.telegram_id:
        raise StaleAction
    try:
        known = await tx.people.of_telegram(picked.telegram_id)
    except NotFound:
        tag = AuditTag.PERSON_INVITED
        fresh = await tx.people.register(picked, Role.GUEST, tag=tag, actor=actor_of(actor), reachable=False)
        return fresh, False
    if known.standing in {Standing.BLOCKED, Standing.REMOVED}:
        # Taking somebody back is a decision of its own, on their card in /people.
        raise StaleAction
    return known, known.belongs
