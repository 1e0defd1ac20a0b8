"""The way to a key that was allowed: one question a screen, the steps before the file. In a relative's words."""

from bot.chat.messages import guides
from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import DeviceKind
from bot.model.request_notices import (
    YouAreIn,
)
from bot.model.requests import Request, RequestKind, Via
from bot.model.wizard import NextStep, WizardStep


def you_are_in(notice: YouAreIn, voice: Voice) -> Message:
    """The first words after the door has opened."""
    return step(NextStep(notice.request, WizardStep.KIND, ""), voice)


def step(next_step: NextStep, voice: Voice) -> Message:
    """The screen for where somebody is."""
    match next_step.step:
        case WizardStep.KIND:
            return _kind(next_step.request, voice)
        case WizardStep.COMPUTER:
            return _computer(next_step.request, voice)
        case WizardStep.NAME:
            return _name(next_step, voice)
        case WizardStep.VIA:
            return _via(next_step.request, voice)
        case WizardStep.STEPS:
            return _steps(next_step.request, voice)
        case WizardStep.LATER:
            return _later(next_step.request, voice)


def steps(kind: DeviceKind, via: Via | None, voice: Voice) -> Message:
    """The steps for a kind of device, without buttons."""
    return Message(html=paragraphs(voice._("This is what to do:"), guides.in_short(kind, via, voice)))


def steps_to_keep(next_step: NextStep, voice: Voice) -> Message:
    """The steps once the key is under way: they stay above the file."""
    return steps(next_step.request.device_kind or DeviceKind.OTHER, next_step.request.via, voice)


def name_wanted(next_step: NextStep, voice: Voice) -> Message:
    """The question for a name of one's own."""
    return Message(
        html=voice._("Send me a short name for it, such as <code>{name}</code>.").format(name=next_step.proposed),
        rows=((_call_it(next_step, voice),),),
    )


def _kind(request: Request, voice: Voice) -> Message:
    hello = voice._("You're in.") if request.kind is RequestKind.COME_IN else voice._("Good, let us make it.")
    return Message(
        html=lines(hello, voice._("What are you holding?")),
        rows=(
            (
                _held(voice.label("iPhone or iPad"), request, DeviceKind.IPHONE),
                _held(voice.label("Android"), request, DeviceKind.ANDROID),
            ),
            (
                Button(text=voice.label("Computer"), press=Press(Verb.COMPUTER, request.public_id)),
                Button(text=voice.label("Later"), press=Press(Verb.LATER, request.public_id)),
            ),
        ),
    )


def _held(text: str, request: Request, kind: DeviceKind) -> Button:
    return Button(text=text, press=Press(Verb.HOLD, request.public_id, kind.value))


def _computer(request: Request, voice: Voice) -> Message:
    return Message(
        html=voice._("What kind of computer?"),
        rows=(
            (
                _held(voice.label("Windows"), request, DeviceKind.WINDOWS),
                _held(voice.label("Mac"), request, DeviceKind.MACOS),
                _held(voice.label("Linux"), request, DeviceKind.LINUX),
            ),
        ),
    )


def _name(next_step: NextStep, voice: Voice) -> Message:
    return Message(
        html=voice._("What shall I call it? The name is only so that you find it again."),
        rows=(
            (_call_it(next_step, voice),),
            (Button(text=voice.label("Another name"), press=Press(Verb.OTHER_NAME, next_step.request.public_id)),),
        ),
    )


def _call_it(next_step: NextStep, voice: Voice) -> Button:
    return Button(
        text=voice.label("Call it {name}").format(name=next_step.proposed),
        press=Press(Verb.CALL_IT, next_step.request.public_id),
        look="primary",
    )


def _via(request: Request, voice: Voice) -> Message:
    def button(text: str, via: Via) -> Button:
        return Button(text=text, press=Press(Verb.VIA, request.public_id, via.value))

    return Message(
        html=voice._("Where will you use it? On an iPhone each app keeps its own keys."),
        rows=(
            (button(voice.label("In Safari"), Via.BROWSER),),
            (
                button(voice.label("Home Assistant"), Via.HOME_ASSISTANT),
                button(voice.label("Immich"), Via.IMMICH),
                button(voice.label("Another app"), Via.APP),
            ),
        ),
    )


def _steps(request: Request, voice: Voice) -> Message:
    shown = steps(request.device_kind or DeviceKind.OTHER, request.via, voice)
    return Message(
        html=paragraphs(shown.html, voice._("Read it once, then tap: I send the file and its password here.")),
        rows=(
            (Button(text=voice.label("Send me the key"), press=Press(Verb.GET, request.public_id), look="primary"),),
        ),
    )


def _later(request: Request, voice: Voice) -> Message:
    until = voice.clock(request.permission_until) if request.permission_until else ""
    return Message(
        html=voice._("Fine. Tap here when you hold it in your hand; that works until {until}.").format(until=until),
        rows=(
            (Button(text=voice.label("I have it here"), press=Press(Verb.RESUME, request.public_id), look="primary"),),
        ),
    )
