"""Keys that are made, and stay, on somebody's computer: what to run there, and what came of it."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import MAX_COPIED, Button, Locale, Message, lines, paragraphs
from bot.model.certificates.certificates import Certificate
from bot.model.certificates.own_keys import NO_NAME, Place, RequestLines, RequestSays
from bot.model.results import RequestAsked


def request_asked(asked: RequestAsked, locale: Locale) -> Message:
    """Where is the key made?"""
    where = asked.certificate.public_id

    def place(text: str, place: Place) -> Button:
        return Button(text=text, callback=CallbackData(CallbackAction.REQUEST_PLACE, where, place), look="primary")

    return Message(
        html=paragraphs(
            locale._("The key is made on that computer and never leaves it. Which kind is it?"),
            _beside(asked.certificate, locale),
            locale._("If you already have a CSR, just send it, as a file or as text. I wait until {until}.").format(
                until=locale.clock(asked.until)
            ),
        ),
        rows=(
            (
                place(locale.label("Mac or Linux"), Place.UNIX),
                place(locale.label("Windows"), Place.WINDOWS),
            ),
            (
                place(locale.label("Another tool"), Place.TOOL),
                Button(text=locale.label("Cancel"), callback=CallbackData(CallbackAction.CANCEL)),
            ),
        ),
    )


def request_lines(shown: RequestLines, locale: Locale) -> Message:
    """What to run there."""
    what = {Place.UNIX: _unix, Place.WINDOWS: _windows, Place.TOOL: _tool}[shown.place](shown, locale)
    copied = {Place.UNIX: (0, locale.label("Copy the line")), Place.WINDOWS: (1, locale.label("Copy for Git Bash"))}
    at, label = copied.get(shown.place, (0, ""))
    return Message(
        html=paragraphs(
            what,
            _beside(shown.certificate, locale),
            locale._("Then send me <b>{file}.csr</b>, or paste its text (never the key). I wait until {until}.").format(
                file=shown.certificate.stem, until=locale.clock(shown.until)
            ),
        ),
        rows=(
            # Telegram copies at most 256 characters; a tap on the line itself copies it as well.
            *(((Button(text=label, copy=shown.lines[at], look="primary"),),) if _copies(shown, at, label) else ()),
            (
                Button(
                    text=locale.label("Another computer"),
                    callback=CallbackData(CallbackAction.REQUEST_PLACE, shown.certificate.public_id),
                ),
                Button(text=locale.label("Cancel"), callback=CallbackData(CallbackAction.CANCEL)),
            ),
        ),
    )


def arrived(certificate: Certificate, says: RequestSays, locale: Locale) -> Markup:
    """The certificate is here, and where to put it."""
    name = certificate.device.name
    if not says.by_windows:
        return locale._("<b>{name}</b> – its certificate is here. Keep it beside the key on that computer.").format(
            name=name
        )
    return lines(
        locale._("<b>{name}</b> – its certificate is here. In PowerShell, where the file is:").format(name=name),
        Markup("<pre>certutil -user -addstore My {file}; certutil -user -repairstore My {serial}</pre>").format(
            file=certificate.file_name, serial=certificate.serial or ""
        ),
    )


def beside(says: RequestSays, locale: Locale) -> Markup | None:
    """What the request had that was not asked for."""
    return lines(
        calls_itself(says.name, locale),
        locale._(
            "Your request asks for extra names. Cloudflare decides whether to include them; the lock ignores them."
        )
        if says.more_names
        else None,
        locale._("There is a challenge password in it that anyone can read: do not use it anywhere else.")
        if says.challenge
        else None,
    )


def again(certificate: Certificate, locale: Locale) -> Markup:
    """It was not made: how to begin anew."""
    if certificate.replaces is None:
        return locale._("<code>/newcert {name} csr</code> starts again, with a new key.").format(
            name=certificate.device.name
        )
    return locale._("The one in use stays: tap it in /devices, then <b>Renew</b>, to start again with a new key.")


def will_call_itself(name: str, locale: Locale) -> Markup | None:
    """What the certificate will say, where that is not what we asked for."""
    if name == NO_NAME:
        return locale._("It will show no name: your request has none.")
    return locale._("It will show the name from your request: {subject}.").format(subject=name) if name else None


def calls_itself(name: str, locale: Locale) -> Markup | None:
    """What the certificate says, where that is not what we asked for."""
    if name == NO_NAME:
        return locale._("There is no name in the certificate.")
    return locale._("The name in the certificate: {subject}").format(subject=name) if name else None


def _unix(shown: RequestLines, locale: Locale) -> Markup:
    return lines(locale._("Run this there, in one line:"), _code(shown.lines[0]))


def _windows(shown: RequestLines, locale: Locale) -> Markup:
    return paragraphs(
        lines(
            locale._("In <b>PowerShell</b>. Windows keeps the key, for Edge and Chrome:"),
            _code(shown.lines[0]),
        ),
        lines(locale._("Or in <b>Git Bash</b>, which makes a key file:"), _code(shown.lines[1])),
    )


def _tool(shown: RequestLines, locale: Locale) -> Markup:
    first, second, template, key, request, step = shown.lines
    name = Markup("\n").join(Markup("{short} = <code>{value}</code>").format(short=s, value=v) for s, v in shown.name)
    return paragraphs(
        lines(
            locale._(
                "Any tool will do. What to enter: a P-256 key (P-384 or RSA with 2048 to 4096 bits work too), and this name:"
            ),
            name,
            locale._("Any other name works too: the certificate then shows that one."),
        ),
        lines(Markup("<b>keytool</b>"), _code(f"{first}\n{second}")),
        lines(Markup("<b>certtool</b>"), _code(f"{template}\n{key}\n{request}")),
        lines(Markup("<b>step</b>"), _code(step)),
    )


def _code(text: str) -> Markup:
    return Markup("<pre>{text}</pre>").format(text=text)


def _copies(shown: RequestLines, at: int, label: str) -> bool:
    return bool(label) and len(shown.lines[at]) <= MAX_COPIED


def _beside(certificate: Certificate, locale: Locale) -> Markup | None:
    if certificate.replaces is None:
        return None
    return locale._(
        "It makes new files beside the old ones. The old ones keep working until you tap <b>It works</b> for the new ones."
    )
