"""The way to a key that was allowed: one question a screen, the steps before the file. In a relative's words."""

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import DeviceKind
from bot.model.notices import YouAreIn
from bot.model.requests import Request, RequestKind, Via
from bot.model.wizard import NextStep, WizardStep

# The phones' own menu words, and what happens where, are from the vendors' guides and from field reports.
_ANDROID = (
    (
        "1. Tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Tap the file. If asked what for, choose <i>VPN and app user certificate</i>.\n"
        "3. Paste the password and tap OK."
    ),
    "Nothing opens? In the phone's Settings search for <i>certificate</i>, tap <i>Install a certificate</i>, then <i>VPN and app user certificate</i>, and pick the file.",
)
_IPHONE_BROWSER = (
    (
        "1. Tap the file, then the share sign, then <i>Save to Files</i>. Tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Open the <i>Files</i> app and tap the file there. Then open <i>Settings</i>: at the top stands <i>Profile Downloaded</i>. Tap it, then <i>Install</i>.\n"
        "3. Type your phone's code, then paste the password."
    ),
    "“Not Verified” is normal here. Do it in one go: after 8 minutes the iPhone drops the file again.",
)
_IPHONE_APP = (
    (
        "1. Tap the file, then the share sign, then <i>Save to Files</i>. Tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Open the app and look in its settings for <i>client certificate</i>. Choose the file there.\n"
        "3. Paste the password."
    ),
    "Most apps have it where the server's address is set.",
)
_IPHONE_HOME_ASSISTANT = (
    (
        "1. Tap the file, then the share sign, then <i>Save to Files</i>. Tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Open Home Assistant: <i>Settings, Companion app</i>, tap the server, <i>Client certificate</i>, and choose the file.\n"
        "3. Paste the password."
    ),
    "Not signed in yet? The first screen, where the address is typed, has the same choice.",
)
_IPHONE_IMMICH = (
    (
        "1. Tap the file, then the share sign, then <i>Save to Files</i>. Tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Open Immich. On the sign-in screen tap the gear, then <i>Advanced, SSL client certificate, Import</i>, and choose the file.\n"
        "3. Paste the password, then sign in."
    ),
    "Signed in already? Sign out first: Immich asks for the certificate before the sign-in.",
)
_WINDOWS = (
    (
        "1. Open this chat on that computer, tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Save the file and double-click it. Choose <i>Current User</i> and go on with <i>Next</i>.\n"
        "3. Paste the password, go on to <i>Finish</i>, then close the browser and open it again."
    ),
    "Leave “Mark this key as exportable” unticked.",
)
_MACOS = (
    (
        "1. Open this chat on that Mac, tap <b>Password</b>, then <b>Copy</b>.\n"
        "2. Save the file and double-click it. Choose the keychain <i>login</i>.\n"
        "3. Paste the password. When the browser asks to use the key, choose <i>Always Allow</i>."
    ),
    "Close the browser and open it again if it does not ask.",
)
_LINUX = (
    (
        "1. Open this chat on that computer, tap <b>Password</b>, then <b>Copy</b>, and save the file.\n"
        "2. Chrome: open <code>chrome://certificate-manager</code>, <i>Your certificates</i>, <i>Import</i>. Firefox: <i>Settings, Privacy &amp; Security, View Certificates, Your Certificates, Import</i>.\n"
        "3. Paste the password, then close the browser and open it again."
    ),
    "Each browser keeps its own certificates: import the file where you want to use it.",
)
_STEPS: dict[tuple[DeviceKind, Via | None], tuple[str, str]] = {
    (DeviceKind.ANDROID, None): _ANDROID,
    (DeviceKind.IPHONE, None): _IPHONE_BROWSER,
    (DeviceKind.IPHONE, Via.BROWSER): _IPHONE_BROWSER,
    (DeviceKind.IPHONE, Via.HOME_ASSISTANT): _IPHONE_HOME_ASSISTANT,
    (DeviceKind.IPHONE, Via.IMMICH): _IPHONE_IMMICH,
    (DeviceKind.IPHONE, Via.APP): _IPHONE_APP,
    (DeviceKind.WINDOWS, None): _WINDOWS,
    (DeviceKind.MACOS, None): _MACOS,
    (DeviceKind.LINUX, None): _LINUX,
    (DeviceKind.OTHER, None): _ANDROID,
}


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
    how, besides = _STEPS.get((kind, via)) or _STEPS[kind, None]
    return Message(html=paragraphs(voice._("This is what to do:"), voice._(how), voice._(besides)))


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
