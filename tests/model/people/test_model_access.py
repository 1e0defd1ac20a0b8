"""The table of who may do what, cell by cell."""

import pytest

from bot.errors import Frozen, NotAllowed
from bot.model.people.access import Action, check, may
from bot.model.people.people import Person, Role, Standing
from bot.model.public_id import PublicId, is_public_id, new_public_id

EVERYBODY = {Action.BE_GREETED}
OUTSIDERS = {Action.ASK_TO_COME_IN}
PEOPLE = {Action.LOOK, Action.WANT, Action.HANDLE_FILE, Action.REVOKE, Action.RESTORE, Action.REPORT}
TRUSTED = {Action.ISSUE, Action.REPORT_OTHERS}
ADMINS = TRUSTED | {Action.ADMINISTER}
ALLOWED = {
    Role.NONE: EVERYBODY | OUTSIDERS,
    Role.GUEST: EVERYBODY | OUTSIDERS,
    Role.MEMBER: EVERYBODY | PEOPLE,
    Role.ADMIN: EVERYBODY | PEOPLE | ADMINS,
}
FROZEN_MAY = {Action.BE_GREETED, Action.LOOK, Action.REVOKE, Action.REPORT}


def somebody(role: Role, standing: Standing = Standing.OK, *, trusted: bool = False, permanent: bool = False) -> Person:
    return Person(
        id=1,
        public_id=PublicId("abcdefgh"),
        telegram_id=101,
        name="Kim",
        role=role,
        standing=standing,
        trusted=trusted,
        reachable=True,
        permanent=permanent,
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
    assert may(somebody(role), action) is (expected == "yes")


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_trust_adds_what_it_adds_to_those_who_belong(role: Role, action: Action) -> None:
    more = TRUSTED if role in {Role.MEMBER, Role.ADMIN} else set()
    assert verdict(somebody(role, trusted=True), action) == ("yes" if action in ALLOWED[role] | more else "no")


@pytest.mark.parametrize("role", list(Role))
def test_only_permanent_admins_make_admins(role: Role) -> None:
    expected = "yes" if role is Role.ADMIN else "no"
    assert verdict(somebody(role, permanent=True), Action.MAKE_ADMINS) == expected
    assert verdict(somebody(role), Action.MAKE_ADMINS) == "no"


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


@pytest.mark.parametrize("action", list(Action))
def test_a_frozen_permanent_admin_may_no_more_than_any_frozen_admin(action: Action) -> None:
    allowed = action in ALLOWED[Role.ADMIN] | {Action.MAKE_ADMINS}
    expected = "no" if not allowed else "yes" if action in FROZEN_MAY else "frozen"
    assert verdict(somebody(Role.ADMIN, Standing.FROZEN, permanent=True), action) == expected


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("standing", list(Standing))
def test_what_is_shown_is_what_may_be_done(role: Role, standing: Standing, action: Action) -> None:
    person = somebody(role, standing, trusted=True)
    assert may(person, action) is (verdict(person, action) == "yes")


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("role", list(Role))
def test_who_belongs_and_who_is_a_guest(role: Role, standing: Standing) -> None:
    person = somebody(role, standing)
    assert person.belongs is (role in {Role.ADMIN, Role.MEMBER})
    assert person.is_guest is (role is Role.GUEST and standing is Standing.OK)


@pytest.mark.parametrize("standing", list(Standing))
def test_an_admin_counts_as_one_only_in_good_standing(standing: Standing) -> None:
    assert somebody(Role.ADMIN, standing).is_admin is (standing is Standing.OK)
    assert not somebody(Role.MEMBER, standing).is_admin


def test_public_ids() -> None:
    fresh = {new_public_id() for _ in range(1000)}
    assert len(fresh) == 1000
    assert all(is_public_id(one) for one in fresh)
    assert not any(is_public_id(text) for text in ("", "abcdefg", "abcdefghi", "ABCDEFGH", "abcdefg\n", "abcdefg:"))
