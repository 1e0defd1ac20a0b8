"""The table of who may do what, cell by cell."""

import pytest

from bot.errors import Frozen, NotAllowed
from bot.model.access import Action, check
from bot.model.identity import PublicId, is_public_id, new_public_id
from bot.model.people import Person, Role, Standing

EVERYBODY = {Action.BE_GREETED}
PEOPLE = {Action.LOOK, Action.TAKE_OVER_KEY, Action.HANDLE_FILE, Action.REVOKE, Action.RESTORE}
ADMINS = {Action.ISSUE, Action.ADMINISTER}
ALLOWED = {
    Role.NONE: EVERYBODY,
    Role.GUEST: EVERYBODY,
    Role.MEMBER: EVERYBODY | PEOPLE,
    Role.ADMIN: EVERYBODY | PEOPLE | ADMINS,
}
FROZEN_MAY = {Action.BE_GREETED, Action.LOOK, Action.REVOKE}


def somebody(role: Role, standing: Standing = Standing.OK, *, trusted: bool = False) -> Person:
    return Person(
        id=1,
        public_id=PublicId("abcdefgh"),
        telegram_id=101,
        name="Kim",
        role=role,
        standing=standing,
        trusted=trusted,
        reachable=True,
        permanent=False,
        language="en",
        time_zone=None,
    )


def verdict(person: Person, action: Action) -> str:
    try:
        check(person, action)
    except NotAllowed:
        return "no"
    except Frozen:
        return "frozen"
    return "yes"


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_by_role(role: Role, action: Action) -> None:
    expected = "yes" if action in ALLOWED[role] else "no"
    assert verdict(somebody(role), action) == expected
    assert verdict(somebody(role, trusted=True), action) == expected


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("standing", [Standing.BLOCKED, Standing.REMOVED])
def test_the_blocked_and_the_removed_may_nothing(role: Role, action: Action, standing: Standing) -> None:
    assert verdict(somebody(role, standing), action) == "no"


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_the_frozen_may_look_and_take_away(role: Role, action: Action) -> None:
    allowed = action in ALLOWED[role]
    expected = "no" if not allowed else "yes" if action in FROZEN_MAY else "frozen"
    assert verdict(somebody(role, Standing.FROZEN), action) == expected


@pytest.mark.parametrize("standing", list(Standing))
def test_an_admin_counts_as_one_only_in_good_standing(standing: Standing) -> None:
    assert somebody(Role.ADMIN, standing).is_admin is (standing is Standing.OK)
    assert not somebody(Role.MEMBER, standing).is_admin


def test_public_ids() -> None:
    fresh = {new_public_id() for _ in range(1000)}
    assert len(fresh) == 1000
    assert all(is_public_id(one) for one in fresh)
    assert not any(is_public_id(text) for text in ("", "abcdefg", "abcdefghi", "ABCDEFGH", "abcdefg\n", "abcdefg:"))
