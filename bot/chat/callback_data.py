"""What a button carries: ``1:verb:public-id:arg``, at most 64 bytes (Bot API, InlineKeyboardButton).

Whatever comes back is untrusted: a modified app can send any text for any message. ``decode`` says what it
reads; rights and states are checked by the services.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.public_id import is_public_id

_VERSION = "1"
_NOBODY = "-"
_MAX_BYTES = 64
_PARTS = 4


class CallbackAction(StrEnum):
    """What a button wants."""

    PASSWORD = "pw"  # noqa: S105 -- a verb
    PASSWORD_POPUP = "pp"  # noqa: S105 -- a verb
    HIDE = "hide"
    WORKS = "ok"
    DOES_NOT = "no"
    PAGE = "page"
    CARD = "card"
    REVOKE = "rev"
    UNDO = "undo"
    AGAIN = "again"
    CANCEL = "stop"
    VALIDITY = "vald"
    # Where a key of one's own is made. The argument is a Place, or nothing for the question.
    REQUEST_PLACE = "plce"
    LANGUAGE = "lang"
    RENEW = "renw"
    REMIND_ON = "rmon"
    # Coming in, and what admins decide.
    ASK = "ask"
    WITHDRAW = "back"
    REMIND = "rmnd"
    ASK_AGAIN = "askm"
    LET_IN = "yes"
    DENY = "deny"
    BLOCK = "blck"
    TRUST_ASKER = "trst"
    INVITE = "invt"
    # The way to a key that was allowed.
    RESUME = "way"
    LATER = "late"
    COMPUTER = "comp"
    HOLD = "hold"
    CALL_IT = "call"
    OTHER_NAME = "othr"
    VIA = "via"
    GET = "get"
    # A phone is lost.
    LOST = "lost"
    LOST_ALL = "lall"
    LOST_WHO = "lwho"
    LOST_OF = "lof"
    LAST_HELD = "held"
    TICK = "tick"
    THE_REST = "rest"
    NOT_ON_IT = "nton"
    STAYS = "stay"
    DISPUTE = "dspt"
    # Everybody, and what admins change about them.
    PEOPLE = "ppl"
    PERSON = "prsn"
    TRUST = "trus"
    LIMIT = "lim"
    ENDS = "end"
    MAKE_ADMIN = "adm"
    FREEZE = "frz"
    UNFREEZE = "ufrz"
    UNFREEZE_ALL = "ufra"
    OUT = "out"
    OUT_SURE = "outs"
    TAKE_BACK = "tkbk"
    # It does not work.
    SEES = "sees"
    HELP = "help"
    HELP_STEPS = "hstp"
    HELP_NEW = "hnew"
    # Guides. The argument is a guide's file, and of the second the number of a screen behind it.
    GUIDE = "gd"
    GUIDE_SCREEN = "gdsc"
    # The record.
    RECORD = "rec"
    RECORD_PEOPLE = "recp"
    RECORD_FILE = "recf"
    PUT_BACK = "putback"
    # Hosts. The argument of the first and third is a host's first label.
    PROTECT = "prot"
    PROTECT_SURE = "protyes"
    UNPROTECT = "open"
    UNPROTECT_SURE = "openyes"
    TAKE_OVER = "take"
    TAKE_OVER_SURE = "takeyes"
    TAKE_OVER_UNDO = "takeback"
    BLOCK_EVERYTHING = "lkall"
    END_LOCKDOWN = "lkoff"
    # Open paths.
    PATH = "path"
    PATH_CONFIRM = "pyes"
    PATH_LONGER = "plus"
    PATH_CLOSE = "shut"
    PATH_LET_CLOSE = "plet"
    PATH_KEEP = "pkep"
    PATH_TRY = "ptry"
    # How everything is.
    PROVE = "prov"
    BLOCKED = "blkd"
    STATUS = "stat"
    MEND = "mend"
    COMMAND = "cmd"
    CARD_BESIDE = "cardb"
    # Certificates that nobody ordered here. The argument of the last two is Cloudflare's id.
    UNKNOWN = "unkn"
    ADOPT = "adpt"
    REVOKE_UNKNOWN = "unrv"


@dataclass(frozen=True)
class CallbackData:
    """One press: what, on what (a public id, or nothing), with which argument (``[a-z0-9-]*``)."""

    verb: CallbackAction
    subject: str = ""
    arg: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A press that we never made, or no longer make."""


def encode(callback: CallbackData) -> str:
    """The press as callback data.

    Raises:
        ValueError: it would not come back the same.
    """
    data = ":".join((_VERSION, callback.verb, callback.subject or _NOBODY, callback.arg))
    if decode(data) != callback:
        raise ValueError("a press that cannot be read again")
    return data


def decode(data: str) -> CallbackData | Unreadable:
    """Read callback data. Never raises."""
    parts = data.split(":")
    if len(parts) != _PARTS or parts[0] != _VERSION or len(data.encode("utf-8", "replace")) > _MAX_BYTES:
        return Unreadable()
    _, verb, subject, arg = parts
    known_subject = subject == _NOBODY or is_public_id(subject)
    plain_arg = all(c.isascii() and (c.isalnum() or c == "-") for c in arg)
    if verb not in set(CallbackAction) or not known_subject or not plain_arg:
        return Unreadable()
    return CallbackData(CallbackAction(verb), "" if subject == _NOBODY else subject, arg)
