"""Which command and which button does what, and who may: the one table that the gate reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.commands import devices, greetings, newcert, record
from bot.chat.press import Verb
from bot.chat.turn import Turn
from bot.model.access import Action


@dataclass(frozen=True)
class Route:
    """``gives``: it hands something out, so it is not done when it was asked for while the bot was away."""

    handler: Callable[[Turn], Awaitable[None]]
    action: Action
    gives: bool = False


COMMANDS: dict[str, Route] = {
    "start": Route(greetings.start, Action.LOOK),
    "help": Route(greetings.help_, Action.LOOK),
    "whoami": Route(greetings.whoami, Action.BE_GREETED),
    "cancel": Route(greetings.cancel, Action.LOOK),
    "newcert": Route(newcert.newcert, Action.ISSUE, gives=True),
    "certs": Route(devices.certs, Action.LOOK),
    "devices": Route(devices.certs, Action.LOOK),
    "revoke": Route(devices.revoke, Action.REVOKE),
    "audit": Route(record.audit, Action.ADMINISTER),
}

VERBS: dict[Verb, Route] = {
    Verb.PASSWORD: Route(newcert.password, Action.HANDLE_FILE, gives=True),
    Verb.PASSWORD_POPUP: Route(newcert.password_popup, Action.HANDLE_FILE, gives=True),
    Verb.HIDE: Route(newcert.hide, Action.LOOK),
    Verb.WORKS: Route(newcert.works, Action.HANDLE_FILE),
    Verb.DOES_NOT: Route(newcert.does_not, Action.HANDLE_FILE),
    Verb.PAGE: Route(devices.page, Action.LOOK),
    Verb.CARD: Route(devices.card, Action.LOOK),
    Verb.REVOKE: Route(devices.revoke_pressed, Action.REVOKE),
    Verb.UNDO: Route(devices.undo, Action.RESTORE, gives=True),
    Verb.AGAIN: Route(newcert.again, Action.HANDLE_FILE, gives=True),
    Verb.CANCEL: Route(greetings.cancel, Action.LOOK),
    Verb.RECORD: Route(record.page, Action.ADMINISTER),
    Verb.RECORD_PEOPLE: Route(record.people, Action.ADMINISTER),
    Verb.RECORD_FILE: Route(record.file, Action.ADMINISTER),
}

TEXT = Route(greetings.plain_text, Action.LOOK, gives=True)
FILE = Action.ISSUE
