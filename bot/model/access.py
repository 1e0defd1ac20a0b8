"""Who may do what: one table, asked by the gate and again by every service."""

from enum import StrEnum

from bot.errors import Frozen, NotAllowed
from bot.model.people import Person, Role, Standing


class Action(StrEnum):
    """What somebody may want."""

    BE_GREETED = "be-greeted"
    LOOK = "look"
    ISSUE = "issue"
    TAKE_OVER_KEY = "take-over-key"
    HANDLE_FILE = "handle-file"
    REVOKE = "revoke"
    RESTORE = "restore"
    ADMINISTER = "administer"


_EVERYBODY = frozenset(Role)
_PEOPLE = frozenset({Role.ADMIN, Role.MEMBER})
_ADMINS = frozenset({Role.ADMIN})

_ROLES: dict[Action, frozenset[Role]] = {
    Action.BE_GREETED: _EVERYBODY,
    Action.LOOK: _PEOPLE,
    Action.ISSUE: _ADMINS,
    Action.TAKE_OVER_KEY: _PEOPLE,
    Action.HANDLE_FILE: _PEOPLE,
    Action.REVOKE: _PEOPLE,
    Action.RESTORE: _PEOPLE,
    Action.ADMINISTER: _ADMINS,
}

_WHEN_FROZEN = frozenset({Action.BE_GREETED, Action.LOOK, Action.REVOKE})


def check(person: Person, action: Action) -> None:
    """Return when ``person`` may do ``action``.

    Raises:
        NotAllowed: the role does not allow it, or the person is blocked or removed.
        Frozen: the role would allow it, but the account is frozen.
    """
    if person.standing in {Standing.BLOCKED, Standing.REMOVED} or person.role not in _ROLES[action]:
        raise NotAllowed
    if person.standing is Standing.FROZEN and action not in _WHEN_FROZEN:
        raise Frozen
