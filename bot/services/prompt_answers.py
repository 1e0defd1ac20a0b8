"""A plain text answers the question that is open, whatever that is."""

from collections.abc import Awaitable, Callable

from bot.errors import StaleAction
from bot.model.people.directory import PersonCard
from bot.model.people.enrolment import EnrolmentStep
from bot.model.people.people import Person
from bot.model.protection.host_results import ConfirmHosts
from bot.model.results import HostsChanging, Invitation, LineTaken
from bot.services.certificates import enrolment, request_or_order
from bot.services.context import AppContext
from bot.services.membership import members
from bot.services.people import invitations, requests
from bot.services.protection import hosts
from bot.store.engine.database import Cause
from bot.store.people.prompts import Prompt, PromptKind

Answered = request_or_order.Wanted | LineTaken | EnrolmentStep | Invitation | PersonCard | HostsChanging | ConfirmHosts


_TAKES: dict[PromptKind, Callable[[AppContext, Person, Prompt, str, Cause | None], Awaitable[Answered]]] = {
    PromptKind.DEVICE_NAME: request_or_order.answer_name,
    PromptKind.VALIDITY: request_or_order.answer_validity,
    PromptKind.REQUEST_LINE: requests.take_line,
    PromptKind.PERMITTED_NAME: enrolment.answer_name,
    PromptKind.INVITE_NAME: invitations.answer_name,
    PromptKind.HOSTS: hosts.answer_hosts,
    PromptKind.END_DATE: members.answer_end,
}


async def answer(app: AppContext, actor: Person, text: str, cause: Cause | None = None) -> Answered:
    """Take a text as the answer to the actor's open question.

    Raises:
        Gone: nothing was asked, or too long ago.
        Refused: of the question's own kind; the question stays.
    """
    async with app.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    if prompt is None or prompt.kind not in _TAKES:
        raise StaleAction
    return await _TAKES[prompt.kind](app, actor, prompt, text, cause)


async def is_awaited(app: AppContext, actor: Person) -> bool:
    """Whether a text of this person would answer a question."""
    async with app.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    return prompt is not None and prompt.kind in _TAKES
