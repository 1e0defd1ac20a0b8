"""Who may do what: one table, asked by the gate and again by every service."""

from collections.abc import Callable
from enum import StrEnum

from bot.errors import Frozen, NotAllowed
from bot.model.people.people import Person, Role, Standing


class Action(StrEnum):
    """What somebody may want."""

    BE_GREETED = "be-greeted"
    ASK_TO_COME_IN = "ask-to-come-in"
    LOOK = "look"
    WANT = "want"
    """A certificate: made at once for whoever may ``ISSUE``, asked of the admins for everybody else."""
    ISSUE = "issue"
    HANDLE_FILE = "handle-file"
    REVOKE = "revoke"
    RESTORE = "restore"
    REPORT = "report"
    REPORT_OTHERS = "report-others"
    ADMINISTER = "administer"
    MAKE_ADMINS = "make-admins"


def _everybody(person: Person) -> bool:
    del person
    return True


def _outsider(person: Person) -> bool:
    return person.role in {Role.NONE, Role.GUEST}


def _belongs(person: Person) -> bool:
    return person.role in {Role.ADMIN, Role.MEMBER}


def _admin(person: Person) -> bool:
    return person.role is Role.ADMIN


def _admin_or_trusted(person: Person) -> bool:
    return _admin(person) or (_belongs(person) and person.trusted)


def _permanent_admin(person: Person) -> bool:
    return _admin(person) and person.permanent


_WHO: dict[Action, Callable[[Person], bool]] = {
    Action.BE_GREETED: _everybody,
    Action.ASK_TO_COME_IN: _outsider,
    Action.LOOK: _belongs,
    Action.WANT: _belongs,
    Action.ISSUE: _admin_or_trusted,
    Action.HANDLE_FILE: _belongs,
    Action.REVOKE: _belongs,
    Action.RESTORE: _belongs,
    Action.REPORT: _belongs,
    Action.REPORT_OTHERS: _admin_or_trusted,
    Action.ADMINISTER: _admin,
    Action.MAKE_ADMINS: _permanent_admin,
}

_WHEN_FROZEN = frozenset({Action.BE_GREETED, Action.LOOK, Action.REVOKE, Action.REPORT})


def check(person: Person, action: Action) -> None:
    """Return when ``person`` may do ``action``.

    Raises:
        NotAllowed: the role does not allow it, or the person is blocked or removed.
        Frozen: the role would allow it, but the account is frozen.
    """
    if person.standing in {Standing.BLOCKED, Standing.REMOVED} or not _WHO[action](person):
        raise NotAllowed
    if person.standing is Standing.FROZEN and action not in _WHEN_FROZEN:
        raise Frozen


def may(person: Person, action: Action) -> bool:
    """Whether ``check`` lets it pass: for what is shown, never instead of ``check``."""
    try:
        check(person, action)
    except (NotAllowed, Frozen):
        return False
    return True
