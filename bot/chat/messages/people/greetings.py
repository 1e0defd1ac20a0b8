"""Hello, help, who you are, and what is said to strangers."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.languages import DRAFTS, language_of
from bot.chat.messages.message import Button, Locale, Message, paragraphs
from bot.model.people.people import Person


def start(actor: Person, locale: Locale) -> Message:
    """The first words for somebody who belongs here."""
    return Message(
        html=paragraphs(
            locale._("Hello {name}. I am Latchkey: I keep the keys to this home's services.").format(name=actor.name),
            locale.either(
                admin="A device that carries one of my certificates gets in; every other device stays outside.",
                member="A device with one of my keys gets in; every other device stays outside.",
            ),
            _what_you_can_do(actor, locale),
            _works_without_me(locale),
        )
    )


def help_text(actor: Person, locale: Locale) -> Message:
    """What this person can do."""
    return Message(
        html=paragraphs(
            _what_you_can_do(actor, locale),
            _works_without_me(locale),
            _is_draft(locale),
        )
    )


def _is_draft(locale: Locale) -> Markup | None:
    """Said only in languages that nobody who grew up with them has read."""
    if language_of(locale.language) not in DRAFTS:
        return None
    return locale._("This translation is a draft that nobody has reviewed yet. /language shows others.")


def _works_without_me(locale: Locale) -> Markup:
    return locale._("Your devices keep working when I am off: the lock is at Cloudflare.")


def _what_you_can_do(actor: Person, locale: Locale) -> Markup:
    if actor.is_admin:
        return locale._(
            "/newcert <i>name</i> – a certificate for a device, such as <code>/newcert pixel8</code>\n"
            "/certs – your devices; <code>/certs all</code> – everybody's\n"
            "/guide – how to install one, step by step\n"
            "/revoke <i>name</i> – take a device's certificate away, at once\n"
            "/lost – a phone is gone\n"
            "/people – who is in; /invite – bring somebody in\n"
            "/protect <i>host</i> – lock a service; /unprotect opens it to everybody\n"
            "/openpath <i>address</i> – let a webhook in for a while; /paths – what is open\n"
            "/status – how everything is, and what needs you\n"
            "/lockdown – close what is open, make no new certificates\n"
            "/newcert <i>name</i> csr – for a computer that keeps its own key\n"
            "/audit – what happened; /whoami – your Telegram id"
        )
    return locale._(
        "/newcert <i>name</i> – a key for another device, such as <code>/newcert tablet</code>\n"
        "/devices – your devices\n"
        "/guide – how to put a key on a device, step by step\n"
        "/lost – your phone is gone: I block it\n"
        "/whoami – your Telegram id"
    )


def whoami(actor: Person, locale: Locale) -> Message:
    """Somebody's own id."""
    return Message(
        html=locale._("Your Telegram id is <code>{id}</code>. Whoever runs Latchkey may ask you for it.").format(
            id=actor.telegram_id
        )
    )


def stranger(locale: Locale) -> Message:
    """One polite sentence, one button."""
    return Message(
        html=locale._(
            "Hello. I look after one home's keys and do not know you yet. If you belong here, ask its people with one tap."
        ),
        rows=(
            (Button(text=locale.label("Ask to come in"), callback=CallbackData(CallbackAction.ASK), look="primary"),),
        ),
    )


def too_fast(locale: Locale) -> Message:
    """Too much at once, said once."""
    return Message(
        html=locale._(
            "That was a lot at once, and I did not take the last one. Please wait half a minute and go on then. /revoke and /lost work at any time."
        )
    )


def in_group(locale: Locale) -> Message:
    """Commands belong into the private chat."""
    return Message(html=locale._("Keys are a private matter: please write to me directly."))


def unknown_command(locale: Locale) -> Message:
    """A command that is none."""
    return Message(html=locale._("I do not know that command. /help lists those I know."))


def plain_text(locale: Locale) -> Message:
    """Text that answers no question."""
    return Message(html=locale._("I understand commands and buttons. /help lists what I can do for you."))


def forwarded(locale: Locale) -> Message:
    """A forwarded command is somebody else's word."""
    return Message(html=locale._("That message was forwarded, so I did nothing. Please type the command yourself."))


def big_file(locale: Locale) -> Message:
    """A file that is too big to be looked into."""
    return Message(
        html=locale._(
            "I do not open files above 16 KB, so I have not looked into that one. If there is a key in it, delete it from this chat and do not use that key any more."
        )
    )


def proposed(locale: Locale) -> Message:
    """What an inline bot put together is not the person's word, however it looks."""
    return Message(
        html=locale._(
            "Another bot wrote that message for you, so I did nothing. Please send it yourself, without that bot."
        )
    )


def unexpected_file(locale: Locale) -> Message:
    """A file that nobody asked for."""
    return Message(
        html=locale._("I did not ask for a file and cannot use that one. /help lists what I can do for you.")
    )


def something_broke(error_id: str, locale: Locale) -> Message:
    """The unexpected, with its id."""
    return Message(
        html=locale._(
            "Something went wrong here. Please try again; if it stays, tell your admin this number: <code>{id}</code>"
        ).format(id=error_id)
    )


def poison(update_id: int, error_id: str, locale: Locale) -> Message:
    """An update that was set aside, for admins."""
    return Message(
        html=locale._(
            "A message I could not handle twice was set aside (update {update}). The log has more under <code>{id}</code>."
        ).format(update=update_id, id=error_id)
    )


def webhook_set(host: str, locale: Locale) -> Message:
    """A webhook gets the bot's messages, for admins."""
    where = (
        locale._("My messages go to another program: a webhook is set for my token.")
        if host == "?"
        else locale._("My messages go to another program: a webhook is set for my token, at {host}.").format(host=host)
    )
    return Message(
        html=paragraphs(
            where,
            locale._(
                "Until it is ended I hear nothing you write or tap. If this token belonged to an old bot of yours, run <code>latchkey check --end-webhook</code> on the server."
            ),
            locale._(
                "If none of you set it, somebody has my token: get a new one from BotFather with /revoke, put it into the settings and start me again."
            ),
        )
    )


def two_pollers(locale: Locale) -> Message:
    """Somebody else fetches the bot's messages, for admins."""
    return Message(
        html=locale._(
            "Another program fetches my messages with my token, so some of them never reach me. If you run me twice, please stop one of them. If not, somebody has my token: get a new one from BotFather with /revoke, put it into the settings and start me again."
        )
    )


def cannot_reach(name: str, locale: Locale) -> Message:
    """Somebody blocked the bot, for admins."""
    return Message(
        html=locale._(
            "I cannot reach {name} any more: they blocked me in Telegram. I keep quiet until they write to me again; please tell them if something matters."
        ).format(name=name)
    )
