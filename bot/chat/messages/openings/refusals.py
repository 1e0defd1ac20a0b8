"""Why a path is not opened: one sentence each."""

from markupsafe import Markup

from bot import errors
from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message

_NUMBERS = frozenset({"long", "networks"})
"""Where ``what`` is how many there may be at most."""

_HOURS_A_DAY = 24


def bad_path(error: errors.LatchkeyError, locale: Locale) -> Message:
    """Something in the text cannot be taken."""
    why = {
        "missing": locale._(
            "Which path shall I open? Such as <code>/openpath https://ha.example.com/api/webhook/abc 2h</code>, with <code>POST</code>, networks, <code>exact</code> or <code>always</code> behind it, and <code>for</code> and a reason at the end."
        ),
        "scheme": locale._(
            "That is no whole address. Please send it with its host, such as <code>https://ha.example.com/api/webhook/abc</code>."
        ),
        "user": locale._(
            "That address has a name or password before “@”. Please send it without: the rule cannot see those."
        ),
        "port": locale._("Please leave the port out: a path is opened at the host, whatever the port."),
        "fragment": locale._("Please leave out “#” and what follows: that never leaves a browser."),
        "root": locale._(
            "I open one path, not a whole host: please add it, such as <code>https://ha.example.com/api/webhook/abc</code>."
        ),
        "encoded": locale._(
            "“{what}” in a path can mean something else to the service than to Cloudflare, so I do not open it. Is there an address without?"
        ),
        "dots": locale._(
            "Dots that lead elsewhere (“.” alone, or “..”) cannot be opened. Please write the path out as it is."
        ),
        "slashes": locale._(
            "“//” and “\\” cannot be opened. Please write the path with single slashes; if an app doubles one, take the last “/” off the address it starts from."
        ),
        "wildcard": locale._(
            "I open exact paths only, nothing with “*”. Please send each whole address that is called, one <code>/openpath</code> for each."
        ),
        "characters": locale._(
            "That address has characters I do not take: plain letters, digits and what a URL may hold. Please copy it from the service once more."
        ),
        "long": locale._("That is too long: {what} characters at most."),
        "word": locale._(
            "I do not know what “{what}” is. Behind the address I take a time (<code>2 hours</code>, <code>until tomorrow</code>), methods (<code>GET POST</code>), networks, <code>exact</code> and <code>always</code>; a reason comes after <code>for</code>."
        ),
        "twice": locale._("One time, please: either a time (<code>2 hours</code>) or <code>always</code>."),
        "time-or-reason": locale._(
            "Is “{what}” how long it may be open, or why? Please write the time first, such as <code>2 hours for tests</code>."
        ),
        "duration": locale._(
            "A path can be open for 1 minute to {what}, such as <code>30 minutes</code> or <code>2 hours</code>. For a lasting one say <code>always</code>."
        ),
        "asn": locale._(
            "I bind a path to networks, not to “{what}”. Please write those it is called from, such as <code>192.0.2.0/24</code>."
        ),
        "inside-network": locale._(
            "That is one address inside of a network. Please write the network as <code>{what}</code>, or the address without “/”."
        ),
        "network": locale._(
            "“{what}” is neither a time nor a network, such as <code>2h</code>, <code>192.0.2.0/24</code> or <code>2001:db8::/32</code>."
        ),
        "networks": locale._("{what} networks at most. Perhaps one larger network says the same?"),
    }
    what = vars(error)["what"]
    if vars(error)["why"] in _NUMBERS:
        what = locale.number(int(what))
    if vars(error)["why"] == "duration":
        what = _hours(int(what), locale)
    return Message(html=why[vars(error)["why"]].format(what=what))


def _hours(hours: int, locale: Locale) -> Markup:
    """Some hours, in days where they are whole ones and more than one."""
    if hours > _HOURS_A_DAY and hours % _HOURS_A_DAY == 0:
        return locale.many("{n} day", "{n} days", hours // _HOURS_A_DAY)
    return locale.many("{n} hour", "{n} hours", hours)


def not_protected(error: errors.LatchkeyError, locale: Locale) -> Message:
    """No certificate is needed at that host."""
    return Message(
        html=locale._(
            "{host} is not protected by me, so nothing has to be opened there. <code>/protect {host}</code> changes that."
        ).format(host=vars(error)["host"])
    )


def no_paths_now(error: errors.LatchkeyError, locale: Locale) -> Message:
    """Nothing is opened as things are."""
    why = {
        "lockdown": locale._(
            "Everything is locked down, so no path is opened. <code>/lockdown off</code> comes first."
        ),
        "unlocked": locale._(
            "The lock is off on purpose, so every path is open. Whoever has the server switches it on again with <code>latchkey lock</code>."
        ),
    }
    return Message(html=why[vars(error)["why"]])


def path_known(error: errors.LatchkeyError, locale: Locale) -> Message:
    """It is open already."""
    return Message(
        html=locale._("{path} is open already, or about to be.").format(path=vars(error)["shown"]),
        rows=(
            (
                Button(
                    text=locale.label("Show it"), callback=CallbackData(CallbackAction.PATH, vars(error)["public_id"])
                ),
            ),
        ),
    )


def no_room(error: errors.LatchkeyError, locale: Locale) -> Message:
    """The rule is full."""
    return Message(
        html=locale._(
            "There is no room for it in the block rule: {fit}, and {are_open}. Please close one first (/paths), or leave networks and <code>exact</code> out."
        ).format(
            fit=locale.many(
                "beside the hosts {n} path of that length fits",
                "beside the hosts {n} paths of that length fit",
                vars(error)["fit"],
            ),
            are_open=locale.many("{n} is open", "{n} are open", vars(error)["are_open"]),
        )
    )


def for_long(error: errors.LatchkeyError, locale: Locale) -> Message:
    """It is open for as long as one may be."""
    return Message(
        html=locale._("It is open until {until}: no path may be open for more than {hours} from now.").format(
            until=locale.clock(vars(error)["until"]), hours=_hours(vars(error)["hours"], locale)
        )
    )
