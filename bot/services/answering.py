"""A plain text answers the question that is open, whatever that is."""

from collections.abc import Awaitable, Callable

from bot.errors import Gone
from bot.model.host_results import SureAboutHosts
from bot.model.people import Person
from bot.model.results import HostsChanging, Invitation, LineTaken
from bot.model.roster import PersonCard
from bot.model.wizard import NextStep
from bot.services import inviting, members, permissions, protecting, requesting, wanting
from bot.services.parts import Parts
from bot.store.database import Cause
from bot.store.prompts import Prompt, PromptKind

Answered = wanting.Wanted | LineTaken | NextStep | Invitation | PersonCard | HostsChanging | SureAboutHosts


_TAKES: dict[PromptKind, Callable[[Parts, Person, Prompt, str, Cause | None], Awaitable[Answered]]] = {
    PromptKind.DEVICE_NAME: wanting.answer_name,
    PromptKind.VALIDITY: wanting.answer_validity,
    PromptKind.REQUEST_LINE: requesting.take_line,
    PromptKind.PERMITTED_NAME: permissions.answer_name,
    PromptKind.INVITE_NAME: inviting.answer_name,
    PromptKind.HOSTS: protecting.answer_hosts,
    PromptKind.END_DATE: members.answer_end,
}


async def answer(parts: Parts, actor: Person, text: str, cause: Cause | None = None) -> Answered:
    """Take a text as the answer to the actor's open question.

    Raises:
        Gone: nothing was asked, or too long ago.
        Refused: of the question's own kind; the question stays.
    """
    async with parts.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    if prompt is None or prompt.kind not in _TAKES:
        raise Gone
    return await _TAKES[prompt.kind](parts, actor, prompt, text, cause)


async def is_awaited(parts: Parts, actor: Person) -> bool:
    """Whether a text of this person would answer a question."""
    async with parts.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    return prompt is not None and prompt.kind in _TAKES
