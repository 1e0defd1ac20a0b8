"""Using a permission: what are you holding, what is it called, the steps, and then the key, device in hand."""

from bot.errors import InvalidName, StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import DeviceKind
from bot.model.certificates.names import device_name, name_key
from bot.model.certificates.order_input import read_order
from bot.model.people.access import Action
from bot.model.people.enrolment import EnrolmentStep, WizardStep
from bot.model.people.people import Person
from bot.model.people.requests import InstallTarget, Request, RequestState
from bot.model.results import Ordered
from bot.services.authorization import authorize
from bot.services.certificates.order import Wishes, place_order
from bot.services.context import PROMPT_TTL, AppContext
from bot.services.notifications import request_messages
from bot.services.people.requests import own
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.people.prompts import Prompt, PromptKind

_CALLED = {
    DeviceKind.IPHONE: "iphone",
    DeviceKind.ANDROID: "android",
    DeviceKind.WINDOWS: "windows",
    DeviceKind.MACOS: "mac",
    DeviceKind.LINUX: "linux",
    DeviceKind.OTHER: "device",
}


async def enrolment_state(app: AppContext, actor: Person, public_id: str) -> EnrolmentStep:
    """Where the actor is on the way to the key that was allowed.

    Raises:
        Gone: not the actor's, used already, or its time is over.
        NotAllowed, Frozen: not for them (any more).
    """
    async with app.store.read() as tx:
        return await _next(tx, await _mine(tx, actor, public_id))


async def waiting(app: AppContext, actor: Person) -> tuple[EnrolmentStep, ...]:
    """Where the actor is on the way to each key that was allowed and not yet made."""
    async with app.store.read() as tx:
        return tuple([await _next(tx, request) for request in await tx.requests.permissions_of(actor)])


async def later(app: AppContext, actor: Person, public_id: str) -> EnrolmentStep:
    """Not now: the permission waits. Raises as ``look``."""
    async with app.store.read() as tx:
        request = await _mine(tx, actor, public_id)
        return EnrolmentStep(request, WizardStep.LATER, "")


async def computer(app: AppContext, actor: Person, public_id: str) -> EnrolmentStep:
    """A computer: which one? Raises as ``look``."""
    async with app.store.read() as tx:
        request = await _mine(tx, actor, public_id)
        return EnrolmentStep(request, WizardStep.COMPUTER, "")


async def choose_kind(
    app: AppContext, actor: Person, public_id: str, kind: DeviceKind, cause: Cause | None = None
) -> EnrolmentStep:
    """This is what the actor is holding. Raises as ``look``."""
    async with app.store.write(cause) as tx:
        request = await _mine(tx, actor, public_id)
        return await _chosen(tx, actor, request, device_kind=kind, via=None)


async def choose_via(
    app: AppContext, actor: Person, public_id: str, via: InstallTarget, cause: Cause | None = None
) -> EnrolmentStep:
    """Where an iPhone shall use the key. Raises as ``look``."""
    async with app.store.write(cause) as tx:
        request = await _mine(tx, actor, public_id)
        return await _chosen(tx, actor, request, via=via)


async def take_proposed_name(
    app: AppContext, actor: Person, public_id: str, cause: Cause | None = None
) -> EnrolmentStep:
    """Call the device as proposed. Raises as ``look``."""
    async with app.store.write(cause) as tx:
        request = await _mine(tx, actor, public_id)
        if request.device_name is not None:
            return await _next(tx, request)
        return await _chosen(tx, actor, request, device_name=await _proposed(tx, request))


async def ask_for_name(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> EnrolmentStep:
    """The next text of the actor is the device's name. Raises as ``look``."""
    async with app.store.write(cause) as tx:
        request = await _mine(tx, actor, public_id)
        payload = {"request": request.public_id}
        await tx.prompts.ask(actor.id, PromptKind.PERMITTED_NAME, tx.now + PROMPT_TTL, payload)
        return EnrolmentStep(request, WizardStep.NAME, await _proposed(tx, request))


async def answer_name(
    app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None
) -> EnrolmentStep:
    """Take a text as the device's name.

    Raises:
        BadName, NameTaken: the question stays.
        Gone, NotAllowed, Frozen: see ``look``.
    """
    if read_order(tuple(text.split()), app.clock.now().astimezone(app.policy.time_zone).date()).has_time:
        raise InvalidName("time")
    wanted = device_name(text)
    async with app.store.write(cause) as tx:
        request = await _mine(tx, actor, prompt.payload["request"])
        await tx.devices.refuse_taken(actor.id, wanted)
        await tx.prompts.answered(actor.id)
        return await _chosen(tx, actor, request, device_name=wanted.shown)


async def get_it_now(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> Ordered:
    """Use the permission: the key is made now. One yes makes one key.

    Raises:
        Gone: not the actor's, used already, its time is over, or something was not told yet.
        NameTaken, LimitReached, ZoneFull, NotAllowed, Frozen: nothing was ordered; the permission stays.
    """
    async with app.store.write(cause) as tx:
        request = await _mine(tx, actor, public_id)
        if request.device_name is None or request.device_kind is None:
            raise StaleAction
        ordered = await place_order(
            app,
            tx,
            request.person,
            device_name(request.device_name),
            Wishes(days=request.days),
            replaces=request.replaces,
            kind=request.device_kind,
        )
        used = await tx.requests.move(
            request,
            RequestState.USED,
            tag=AuditTag.REQUEST_USED,
            actor=actor_of(actor),
            detail={"certificate": ordered.certificate.public_id},
            certificate_id=ordered.certificate.id,
        )
        await request_messages.refresh(tx, used)
        return ordered


async def _mine(tx: Transaction, actor: Person, public_id: str) -> Request:
    await authorize(tx, actor, Action.WANT)
    request = await own(tx, actor, public_id)
    until = request.permission_until
    if request.state is not RequestState.APPROVED or until is None or until <= tx.now:
        raise StaleAction
    return request


async def _chosen(tx: Transaction, actor: Person, request: Request, **facts: object) -> EnrolmentStep:
    detail = {name: str(value) for name, value in facts.items() if value is not None}
    noted = await tx.requests.record(
        request, tag=AuditTag.REQUEST_CHOSEN, actor=actor_of(actor), detail=detail, **facts
    )
    return await _next(tx, noted)


async def _next(tx: Transaction, request: Request) -> EnrolmentStep:
    if request.device_kind is None:
        step = WizardStep.KIND
    elif request.device_name is None:
        step = WizardStep.NAME
    elif request.device_kind is DeviceKind.IPHONE and request.via is None:
        step = WizardStep.VIA
    else:
        step = WizardStep.STEPS
    return EnrolmentStep(request, step, await _proposed(tx, request) if step is WizardStep.NAME else "")


async def _proposed(tx: Transaction, request: Request) -> str:
    base = _CALLED[request.device_kind or DeviceKind.OTHER]
    taken = await tx.devices.taken_names(request.person.id)
    number = 1
    while name_key(name := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return name
