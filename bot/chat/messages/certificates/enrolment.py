"""The way to a key that was allowed: one question a screen, the steps before the file. In a relative's words."""

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages import guides
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.certificates.certificates import DeviceKind
from bot.model.people.enrolment import EnrolmentStep, WizardStep
from bot.model.people.request_notices import YouAreIn
from bot.model.people.requests import InstallTarget, Request, RequestKind


def you_are_in(notice: YouAreIn, locale: Locale) -> Message:
    """The first words after the door has opened."""
    return step(EnrolmentStep(notice.request, WizardStep.KIND, ""), locale)


def step(next_step: EnrolmentStep, locale: Locale) -> Message:
    """The screen for where somebody is."""
    match next_step.step:
        case WizardStep.KIND:
            return _kind(next_step.request, locale)
        case WizardStep.COMPUTER:
            return _computer(next_step.request, locale)
        case WizardStep.NAME:
            return _name(next_step, locale)
        case WizardStep.VIA:
            return _via(next_step.request, locale)
        case WizardStep.STEPS:
            return _steps(next_step.request, locale)
        case WizardStep.LATER:
            return _later(next_step.request, locale)


def steps(kind: DeviceKind, via: InstallTarget | None, locale: Locale) -> Message:
    """The steps for a kind of device, without buttons."""
    return Message(html=paragraphs(locale._("This is what to do:"), guides.in_short(kind, via, locale)))


def steps_to_keep(next_step: EnrolmentStep, locale: Locale) -> Message:
    """The steps once the key is under way: they stay above the file."""
    return steps(next_step.request.device_kind or DeviceKind.OTHER, next_step.request.via, locale)


def name_wanted(next_step: EnrolmentStep, locale: Locale) -> Message:
    """The question for a name of one's own."""
    return Message(
        html=locale._("Send me a short name for it, such as <code>{name}</code>.").format(name=next_step.proposed),
        rows=((_call_it(next_step, locale),),),
    )


def _kind(request: Request, locale: Locale) -> Message:
    hello = locale._("You're in.") if request.kind is RequestKind.COME_IN else locale._("Good, let us make it.")
    return Message(
        html=lines(hello, locale._("What are you holding?")),
        rows=(
            (
                _held(locale.label("iPhone or iPad"), request, DeviceKind.IPHONE),
                _held(locale.label("Android"), request, DeviceKind.ANDROID),
            ),
            (
                Button(
                    text=locale.label("Computer"), callback=CallbackData(CallbackAction.COMPUTER, request.public_id)
                ),
                Button(text=locale.label("Later"), callback=CallbackData(CallbackAction.LATER, request.public_id)),
            ),
        ),
    )


def _held(text: str, request: Request, kind: DeviceKind) -> Button:
    return Button(text=text, callback=CallbackData(CallbackAction.HOLD, request.public_id, kind.value))


def _computer(request: Request, locale: Locale) -> Message:
    return Message(
        html=locale._("What kind of computer?"),
        rows=(
            (
                _held(locale.label("Windows"), request, DeviceKind.WINDOWS),
                _held(locale.label("Mac"), request, DeviceKind.MACOS),
                _held(locale.label("Linux"), request, DeviceKind.LINUX),
            ),
        ),
    )


def _name(next_step: EnrolmentStep, locale: Locale) -> Message:
    return Message(
        html=locale._("What shall I call it? The name is only so that you find it again."),
        rows=(
            (_call_it(next_step, locale),),
            (
                Button(
                    text=locale.label("Another name"),
                    callback=CallbackData(CallbackAction.OTHER_NAME, next_step.request.public_id),
                ),
            ),
        ),
    )


def _call_it(next_step: EnrolmentStep, locale: Locale) -> Button:
    return Button(
        text=locale.label("Call it {name}").format(name=next_step.proposed),
        callback=CallbackData(CallbackAction.CALL_IT, next_step.request.public_id),
        look="primary",
    )


def _via(request: Request, locale: Locale) -> Message:
    def button(text: str, via: InstallTarget) -> Button:
        return Button(text=text, callback=CallbackData(CallbackAction.VIA, request.public_id, via.value))

    return Message(
        html=locale._("Where will you use it? On an iPhone each app keeps its own keys."),
        rows=(
            (button(locale.label("In Safari"), InstallTarget.BROWSER),),
            (
                button(locale.label("Home Assistant"), InstallTarget.HOME_ASSISTANT),
                button(locale.label("Immich"), InstallTarget.IMMICH),
                button(locale.label("Another app"), InstallTarget.APP),
            ),
        ),
    )


def _steps(request: Request, locale: Locale) -> Message:
    shown = steps(request.device_kind or DeviceKind.OTHER, request.via, locale)
    return Message(
        html=paragraphs(shown.html, locale._("Read it once, then tap: I send the file and its password here.")),
        rows=(
            (
                Button(
                    text=locale.label("Send me the key"),
                    callback=CallbackData(CallbackAction.GET, request.public_id),
                    look="primary",
                ),
            ),
        ),
    )


def _later(request: Request, locale: Locale) -> Message:
    until = locale.clock(request.permission_until) if request.permission_until else ""
    return Message(
        html=locale._("Fine. Tap here when you hold it in your hand; that works until {until}.").format(until=until),
        rows=(
            (
                Button(
                    text=locale.label("I have it here"),
                    callback=CallbackData(CallbackAction.RESUME, request.public_id),
                    look="primary",
                ),
            ),
        ),
    )
