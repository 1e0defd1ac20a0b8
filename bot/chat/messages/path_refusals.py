"""Why a path is not opened: one sentence each."""

from markupsafe import Markup

from bot import errors
from bot.chat.messages.form import Button, Message, Voice
from bot.chat.press import Press, Verb

_NUMBERS = frozenset({"long", "networks"})
"""Where ``what`` is how many there may be at most."""

_HOURS_A_DAY = 24


def bad_path(error: errors.LatchkeyError, voice: Voice) -> Message:
    """Something in the text cannot be taken."""
    why = {
        "missing": voice._(
            "Which path shall I open? Such as <code>/openpath https://ha.example.com/api/webhook/abc 2h</code>, with <code>POST</code>, networks, <code>exact</code> or <code>always</code> behind it, and <code>for</code> and a reason at the end."
        ),
        "scheme": voice._(
            "That is no whole address. Please send it with its host, such as <code>https://ha.example.com/api/webhook/abc</code>."
        ),
        "user": voice._(
            "That address has a name or password before “@”. Please send it without: the rule cannot see those."
        ),
        "port": voice._("Please leave the port out: a path is opened at the host, whatever the port."),
        "fragment": voice._("Please leave out “#” and what follows: that never leaves a browser."),
        "root": voice._(
            "I open one path, not a whole host: please add it, such as <code>https://ha.example.com/api/webhook/abc</code>."
        ),
        "encoded": voice._(
            "“{what}” in a path can mean something else to the service than to Cloudflare, so I do not open it. Is there an address without?"
        ),
        "dots": voice._(
            "Dots that lead elsewhere (“.” alone, or “..”) cannot be opened. Please write the path out as it is."
        ),
        "slashes": voice._(
            "“//” and “\\” cannot be opened. Please write the path with single slashes; if an app doubles one, take the last “/” off the address it starts from."
        ),
        "wildcard": voice._(
            "I open exact paths only, nothing with “*”. Please send each whole address that is called, one <code>/openpath</code> for each."
        ),
        "characters": voice._(
            "That address has characters I do not take: plain letters, digits and what a URL may hold. Please copy it from the service once more."
        ),
        "long": voice._("That is too long: {what} characters at most."),
        "word": voice._(
            "I do not know what “{what}” is. Behind the address I take a time (<code>2 hours</code>, <code>until tomorrow</code>), methods (<code>GET POST</code>), networks, <code>exact</code> and <code>always</code>; a reason comes after <code>for</code>."
        ),
        "twice": voice._("One time, please: either a time (<code>2 hours</code>) or <code>always</code>."),
        "time-or-reason": voice._(
            "Is “{what}” how long it may be open, or why? Please write the time first, such as <code>2 hours for tests</code>."
        ),
        "duration": voice._(
            "A path can be open for 1 minute to {what}, such as <code>30 minutes</code> or <code>2 hours</code>. For a lasting one say <code>always</code>."
        ),
        "asn": voice._(
            "I bind a path to networks, not to “{what}”. Please write those it is called from, such as <code>192.0.2.0/24</code>."
        ),
        "inside-network": voice._(
            "That is one address inside of a network. Please write the network as <code>{what}</code>, or the address without “/”."
        ),
        "network": voice._(
            "“{what}” is neither a time nor a network, such as <code>2h</code>, <code>192.0.2.0/24</code> or <code>2001:db8::/32</code>."
        ),
        "networks": voice._("{what} networks at most. Perhaps one larger network says the same?"),
    }
    what = vars(error)["what"]
    if vars(error)["why"] in _NUMBERS:
        what = voice.number(int(what))
    if vars(error)["why"] == "duration":
        what = _hours(int(what), voice)
    return Message(html=why[vars(error)["why"]].format(what=what))


def _hours(hours: int, voice: Voice) -> Markup:
    """Some hours, in days where they are whole ones and more than one."""
    if hours > _HOURS_A_DAY and hours % _HOURS_A_DAY == 0:
        return voice.many("{n} day", "{n} days", hours // _HOURS_A_DAY)
    return voice.many("{n} hour", "{n} hours", hours)


def not_protected(error: errors.LatchkeyError, voice: Voice) -> Message:
    """No certificate is needed at that host."""
    return Message(
        html=voice._(
            "{host} is not protected by me, so nothing has to be opened there. <code>/protect {host}</code> changes that."
        ).format(host=vars(error)["host"])
    )


def no_paths_now(error: errors.LatchkeyError, voice: Voice) -> Message:
    """Nothing is opened as things are."""
    why = {
        "lockdown": voice._("Everything is locked down, so no path is opened. <code>/lockdown off</code> comes first."),
        "unlocked": voice._(
            "The lock is off on purpose, so every path is open. Whoever has the server switches it on again with <code>latchkey lock</code>."
        ),
    }
    return Message(html=why[vars(error)["why"]])


def path_known(error: errors.LatchkeyError, voice: Voice) -> Message:
    """It is open already."""
    return Message(
        html=voice._("{path} is open already, or about to be.").format(path=vars(error)["shown"]),
        rows=((Button(text=voice.label("Show it"), press=Press(Verb.PATH, vars(error)["public_id"])),),),
    )


def no_room(error: errors.LatchkeyError, voice: Voice) -> Message:
    """The rule is full."""
    return Message(
        html=voice._(
            "There is no room for it in the block rule: {fit}, and {are_open}. Please close one first (/paths), or leave networks and <code>exact</code> out."
        ).format(
            fit=voice.many(
                "beside the hosts {n} path of that length fits",
                "beside the hosts {n} paths of that length fit",
                vars(error)["fit"],
            ),
            are_open=voice.many("{n} is open", "{n} are open", vars(error)["are_open"]),
        )
    )


def for_long(error: errors.LatchkeyError, voice: Voice) -> Message:
    """It is open for as long as one may be."""
    return Message(
        html=voice._("It is open until {until}: no path may be open for more than {hours} from now.").format(
            until=voice.clock(vars(error)["until"]), hours=_hours(vars(error)["hours"], voice)
        )
    )
