"""How to make the request that an order waits for."""

from bot.errors import StaleAction
from bot.model.certificates.certificates import Certificate
from bot.model.certificates.own_keys import Place, RequestLines
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import RequestAsked
from bot.pki import request_lines
from bot.services.certificates.order import subject_of
from bot.services.context import AppContext
from bot.store.people.prompts import PromptKind


async def awaited(app: AppContext, actor: Person, public_id: str) -> RequestAsked:
    """The order of that id, which waits for the actor's request.

    Raises:
        Gone: it does not, or no longer.
        NotAllowed, Frozen: nothing is told.
    """
    check(actor, Action.WANT)
    async with app.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
        if prompt is None or prompt.kind is not PromptKind.REQUEST_FILE or prompt.payload["certificate"] != public_id:
            raise StaleAction
        return RequestAsked(await tx.certificates.of(public_id), prompt.expires_at)


async def lines_for(app: AppContext, actor: Person, public_id: str, place: Place) -> RequestLines:
    """What to run there. Raises what ``awaited`` raises."""
    asked = await awaited(app, actor, public_id)
    name = request_lines.named_parts(subject_of(asked.certificate))
    return RequestLines(asked.certificate, place, name, _lines(asked.certificate, place), asked.until)


def _lines(certificate: Certificate, place: Place) -> tuple[str, ...]:
    subject, stem = subject_of(certificate), certificate.stem
    match place:
        case Place.UNIX:
            return (request_lines.openssl(subject, stem),)
        case Place.WINDOWS:
            return (request_lines.powershell(subject, stem), request_lines.git_bash(subject, stem))
        case Place.TOOL:
            return (
                *request_lines.keytool(subject, stem),
                *request_lines.certtool(subject, stem),
                request_lines.step(subject, stem),
            )
