"""One sentence for each error: what was wrong, what is right, what to do next."""

from collections.abc import Callable

from bot import errors
from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.certificates import order
from bot.chat.messages.message import Button, Locale, Message, named
from bot.chat.messages.openings import refusals

_LONGEST_POPUP = 200


def refusal(error: errors.LatchkeyError, locale: Locale) -> Message:
    """The sentence for an error, with buttons where they help."""
    for kind in type(error).__mro__:
        if kind in _SENTENCES:
            return _SENTENCES[kind](error, locale)
    return Message(html=locale._("That did not work. Please try again."))


def has_words(kind: type[errors.LatchkeyError]) -> bool:
    """Whether this very class has a sentence of its own."""
    return kind in _SENTENCES


def _plain(text: str) -> Callable[[errors.LatchkeyError, Locale], Message]:
    return lambda error, voice: Message(html=voice._(text).format(**_facts(error, voice)))


def _facts(error: errors.LatchkeyError, locale: Locale) -> dict[str, object]:
    return {name: locale.number(it) if isinstance(it, int) else it for name, it in vars(error).items()}


def _bad_request_file(error: errors.LatchkeyError, locale: Locale) -> Message:
    why = {
        "size": locale._(
            "That is too big for a CSR: I open 16 KB at most. Please send the .csr. If there is a key in it, delete it here and do not use that key any more."
        ),
        "format": locale._("I cannot read that as a CSR. Please send the .csr file, or the whole of its text."),
        "certificate": locale._("That is a certificate already. Please send the CSR: the .csr file, or its text."),
        "several": locale._("There are several CSRs in it. Please send just one: a device has one key."),
        "signature": locale._(
            "That CSR is damaged, or signed in a way I cannot accept (such as SHA-1). Please run the line again: it makes a new key."
        ),
        "subject": locale._("I cannot read the name in that CSR. Please make it once more, with plain letters."),
        "mark": locale._(
            "That CSR is marked as another device's (by its OU). Please run the line I sent for this one."
        ),
        "key": locale._("I can only use P-256, P-384 or RSA keys (2048 to 4096 bits). Please make a new one."),
        "curve": locale._(
            "Your openssl wrote the key's curve out in full, which Cloudflare cannot read. Please run the line I sent: <code>ec_param_enc:named_curve</code> in it fixes that."
        ),
        "pss": locale._(
            "That is an RSA-PSS key, which Cloudflare cannot read. Please make a plain RSA or a P-256 key."
        ),
        "unasked": locale._(
            "That is a CSR, and I am not waiting for one. <code>/newcert laptop csr</code> starts; then send it again."
        ),
    }
    return Message(html=why[vars(error)["why"]])


def _private_key_sent(error: errors.LatchkeyError, locale: Locale) -> Message:
    why = {
        "store": locale._(
            "A key file (.p12 or the like) holds a <b>private key</b>: I am removing it from this chat. Unless I made it for you, that key is burnt: do not use it, make a new one."
        ),
        "key": locale.either(
            admin="That has a <b>private key</b> in it: I am removing it from this chat. The key is burnt: do not use it, make a new one. If a device has it already, revoke that one (/certs).",
            member="That has a <b>private key</b> in it: I am removing it from this chat. The key is burnt: do not use it, make a new one. If a device has it already, block that one (/devices).",
        ),
    }
    return Message(html=why[vars(error)["why"]])


def _bad_host(error: errors.LatchkeyError, locale: Locale) -> Message:
    why = {
        "form": locale._("“{host}” is no host name, such as <code>photos.{zone}</code>."),
        "elsewhere": locale._("{host} is not in the zone {zone}. Only names such as <code>photos.{zone}</code> are."),
        "apex": locale._("{zone} itself cannot be protected, only names below it, such as <code>photos.{zone}</code>."),
        "wildcard": locale._("Names with * cannot be protected. Name each host, such as <code>photos.{zone}</code>."),
        "deep": locale._(
            "Cloudflare's certificate does not cover {host}: one level below {zone} only, such as <code>photos.{zone}</code>."
        ),
        "unproxied": locale._(
            "{host} is not proxied by Cloudflare, so nothing can be demanded there. Switch the orange cloud on (Cloudflare: DNS), then try again."
        ),
    }
    return Message(html=why[vars(error)["why"]].format(host=vars(error)["host"], zone=vars(error)["zone"]))


def _unknown_device(error: errors.LatchkeyError, locale: Locale) -> Message:
    name, nearest = vars(error)["name"], vars(error)["nearest"]
    if not nearest:
        return Message(html=locale._("There is no device “{name}”. /certs lists those there are.").format(name=name))
    rows = tuple(
        (Button(text=near, callback=CallbackData(CallbackAction.CARD, public_id)),) for near, public_id in nearest
    )
    return Message(
        html=locale._("There is no device “{name}”. Did you mean one of these?").format(name=name), rows=rows
    )


def _decided(error: errors.LatchkeyError, locale: Locale) -> Message:
    by = vars(error)["by"]
    words = {
        "approved": locale._("{by} said yes already."),
        "used": locale._("{by} said yes already."),
        "lapsed": locale._("{by} said yes, but it was not used in time."),
        "denied": locale._("{by} said no already."),
        "blocked": locale._("{by} blocked them already."),
        "expired": locale._("Its time is up: it can be asked for once more."),
        "withdrawn": locale._("It was taken back."),
    }
    return Message(html=words[vars(error)["how"]].format(by=by or "?"))


def _not_stored(error: errors.LatchkeyError, locale: Locale) -> Message:
    why = {
        "full": locale._("the disk I write to is full"),
        "disk": locale._("the disk I write to refuses"),
        "busy": locale._("another program holds my database"),
        "read-only": locale._("I may not write to my database"),
    }
    return Message(
        html=locale._(
            "I cannot write anything down right now: {why}. Nothing was changed. Please tell whoever runs Latchkey, and try again once that is mended."
        ).format(why=why[vars(error)["why"]])
    )


_SENTENCES: dict[type[errors.LatchkeyError], Callable[[errors.LatchkeyError, Locale], Message]] = {
    errors.InvalidName: order.bad_name,
    errors.UnclearTime: order.unclear_time,
    errors.StoreUnavailable: _not_stored,
    errors.StoreDamaged: _plain(
        "My database is damaged, so I cannot do that. Nothing was changed. Please tell whoever runs Latchkey: it needs a backup."
    ),
    errors.InvalidValidity: order.bad_validity,
    errors.InvalidRequestFile: _bad_request_file,
    errors.InvalidTimeZone: lambda error, voice: Message(
        html=voice._("Which of these? {places}. Write it whole, such as <code>/timezone {one}</code>.").format(
            places=", ".join(vars(error)["like"]), one=vars(error)["like"][0]
        )
        if vars(error)["like"]
        else voice._(
            "I do not know that place. Write the nearest big city, in English, such as <code>/timezone Lisbon</code>."
        )
    ),
    errors.InvalidDate: _plain(
        "I cannot take that as a day to come. Please write it like <code>31 Aug</code> or <code>2027-08-31</code>."
    ),
    errors.OwnAccount: _plain("You cannot do that for yourself. Please ask another admin."),
    errors.LastAdmin: _plain(
        "{name} is the only admin left who can act, so nobody here can freeze them. Whoever runs the server can: <code>latchkey freeze {telegram_id}</code>"
    ),
    errors.OperatorOnly: _plain("Only whoever has the server can change that: it was decided there."),
    errors.PrivateKeySent: _private_key_sent,
    errors.NotAllowed: _plain("That is not for you to do here. /help lists what you can do."),
    errors.Frozen: lambda _error, voice: Message(
        html=voice.either(
            admin="Your account is frozen: you can look and revoke, nothing else. Please ask an admin.",
            member="Your account is frozen: you can look and block, nothing else. Please ask an admin.",
        )
    ),
    errors.UnknownDevice: _unknown_device,
    errors.NotFound: _plain("There is no such thing here. /help lists what I can do."),
    errors.StaleAction: _plain("That button has had its day. /certs shows how things are now."),
    errors.NameTaken: order.name_taken,
    errors.NotOpened: _plain("Tap <b>Password</b> first: without it nobody can have opened the file."),
    errors.KeyKnown: _plain("That key had a certificate before. Please make a new key: run the line again."),
    errors.LimitReached: lambda error, voice: Message(
        html=voice.many(
            "You have {n} device, which is the limit. If you no longer use it, revoke it (/certs), then try again.",
            "You have {n} devices, which is the limit. Revoke one you no longer use (/certs), then try again.",
            vars(error)["limit"],
        )
    ),
    errors.NeedsApproval: _plain(
        "A key that stays on a computer needs an admin's trust. Please ask an admin; without <code>csr</code> I ask them for you."
    ),
    errors.AlreadyAsked: lambda error, voice: Message(
        html=voice._("I have asked already and wait for an answer, until {until} at the latest.").format(
            until=voice.clock(vars(error)["until"])
        )
    ),
    errors.AskedLately: lambda error, voice: Message(
        html=voice._("An admin said no a short while ago. You can ask again from {until} on.").format(
            until=voice.clock(vars(error)["until"])
        )
    ),
    errors.TooManyWaiting: _plain(
        "So many wait for an answer just now that I take no more. Please try again tomorrow."
    ),
    errors.OwnRequest: _plain("That is your own: somebody else has to decide on it."),
    errors.AlreadyDecided: _decided,
    errors.ZoneFull: lambda error, voice: Message(
        html=voice.either(
            admin="All certificates are in use: {used} of {quota}. Revoke one that nobody needs (/certs), then try again.",
            member="There is no room for another key just now. Please tell an admin.",
        ).format(**_facts(error, voice))
    ),
    errors.StaleRequest: _plain("I was away when you sent that. If you still want it, please send it again."),
    errors.InvalidHost: _bad_host,
    errors.LockedDown: lambda _error, voice: Message(
        html=voice.either(
            admin="Everything is locked down, so I make no certificate. <code>/lockdown off</code> ends that.",
            member="No new keys are made just now. Please ask an admin.",
        )
    ),
    errors.NotLockedDown: _plain("There is no lockdown. <code>/lockdown</code> begins one."),
    errors.NothingHandMade: _plain(
        "I see no rule made by hand that I understand well enough to take over. <code>/protect</code> locks a service beside it."
    ),
    errors.NotLocked: lambda error, voice: Message(
        html=voice._("{hosts}: not locked by me. <code>/unprotect</code> alone shows what is.").format(
            hosts=named(vars(error)["hosts"], voice)
        )
    ),
    errors.InvalidPath: refusals.bad_path,
    errors.NotProtected: refusals.not_protected,
    errors.NoPathsNow: refusals.no_paths_now,
    errors.AlreadyOpen: refusals.path_known,
    errors.NoRoomForPath: refusals.no_room,
    errors.MaxDurationReached: refusals.for_long,
    errors.ExpressionTooLong: _plain(
        "That does not fit into the block rule: hosts and open paths may use {most} characters of it and would need {used}. Close a path or take a host out, then try again."
    ),
    errors.RuleQuotaFull: lambda error, voice: Message(
        html=voice.many(
            "The zone's plan takes no further custom rule ({n} is there). Delete it if you do not need it, then try again.",
            "The zone's plan takes no further custom rule ({n} are there). Delete one you do not need, then try again.",
            vars(error)["rules"],
        )
    ),
    errors.HostsNotTaken: _plain(
        "Cloudflare did not take every host. Please look whether the names are proxied, then try again."
    ),
    errors.EdgeConflict: _plain("Somebody is changing the same thing at Cloudflare. Please try again in a minute."),
    errors.Unclear: _plain("Cloudflare did not answer. Please try again in a minute."),
    errors.RefusedByEdge: _plain("Cloudflare refused that. The log has its answer; please ask whoever runs Latchkey."),
    errors.CertificateQuotaFull: lambda _error, voice: Message(
        html=voice.either(
            admin="All certificates of the zone are in use. Revoke one that nobody needs (/certs), then try again.",
            member="There is no room for another key just now. Please tell an admin.",
        )
    ),
    errors.Busy: _plain("Cloudflare is busy. Please try again in a few minutes."),
    errors.MissingRight: _plain(
        "The Cloudflare token lacks a right: {right}. Please add it in Cloudflare, then try again."
    ),
    errors.DeliveryUnknown: _plain("Telegram did not answer. Please try again."),
    errors.CannotShow: _plain("I cannot show that here. Please try again from /certs."),
    errors.ChatBusy: _plain("Telegram asks me to slow down. Please try again in a minute."),
}


def fits_a_popup(message: Message) -> bool:
    """Whether a pop-up can hold all of it: it has no buttons, and 200 characters (Bot API, answerCallbackQuery)."""
    return not message.rows and len(as_popup(message)) <= _LONGEST_POPUP


def as_popup(message: Message) -> str:
    """A message as plain text for a pop-up."""
    return message.html.striptags()
