"""One of each notice in each shape, with names as hostile as names get, for the tests of words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.messages.message import Locale
from bot.model import host_notices, household_notices, notices
from bot.model.certificates.certificates import Certificate, Device, DeviceKind, KeyType, Origin, Purpose, State
from bot.model.certificates.own_keys import NO_NAME, RequestSays
from bot.model.certificates.symptoms import Symptom
from bot.model.people import request_notices
from bot.model.people.people import Person, Role, ServerChange, Standing
from bot.model.people.requests import Request, RequestKind, RequestState
from bot.model.protection import rule_notices
from bot.model.protection.rule_state import Drift
from bot.model.protection.zone_lock import Answer, HostLock, LockState
from bot.model.public_id import PublicId
from tests.chat import backup_examples, earlier_examples, proof_examples
from tests.chat.path_examples import path_notices
from tests.chat.people_notices import examples
from tests.chat.renewal_examples import renewal_notices
from tests.chat.status_examples import status_notices

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VOICE = Locale("en", ZoneInfo("Europe/Madrid"), NOW)
HOSTILE = "<b>&\"'</b> 🙂"


def certificate(state: State = State.ACTIVE, name: str = HOSTILE) -> Certificate:
    device = Device(
        id=1,
        public_id=PublicId("device00"),
        owner_id=1,
        owner_telegram_id=5,
        owner_name=HOSTILE,
        name=name,
        kind=DeviceKind.ANDROID,
    )
    return Certificate(
        id=1,
        public_id=PublicId("abcd1234"),
        device=device,
        state=state,
        purpose=Purpose.DEVICE,
        origin=Origin.MADE_HERE,
        replaces=None,
        key_type=KeyType.P256,
        asked_days=730,
        common_name="x" * 48,
        public_key_sha256="a" * 64,
        cloudflare_id="id",
        serial="F" * 40,
        fingerprint_sha256="b" * 64,
        issued_at=NOW,
        expires_at=NOW + timedelta(days=730),
        created_at=NOW,
        shown_at=None,
        password_at=None,
        sent_at=NOW,
        password_shown_at=None,
        works_at=NOW,
        cleaned_at=None,
        lost_at=None,
        delivery_unknown_at=None,
        revoke_reason=None,
        revoke_asked_at=None,
        revoked_by=None,
        confirmed_revoked_at=None,
        never_restore=False,
        again_until=None,
    )


def lock(answer: Answer, hosts: int = 3) -> LockState:
    named = tuple(HostLock(f"host{n}.example.com", answer, Answer.NO) for n in range(hosts))
    return LockState(named, "(http.host in {…} and …)")


VIEWER = Person(
    id=1,
    public_id=PublicId("person00"),
    telegram_id=5,
    name=HOSTILE,
    role=Role.ADMIN,
    standing=Standing.OK,
    trusted=False,
    reachable=True,
    permanent=True,
    language="en",
    time_zone=None,
)
SOON = NOW + timedelta(minutes=2)


def every_request() -> list[Request]:
    return [
        Request(
            id=1,
            public_id=PublicId("request0"),
            kind=kind,
            state=state,
            person=replace(VIEWER, role=Role.MEMBER, permanent=False),
            device_name=name,
            device_kind=DeviceKind.IPHONE,
            via=None,
            days=None,
            line=HOSTILE * 30,
            came_by=HOSTILE,
            invited_by=HOSTILE,
            replaces=None,
            certificate_id=None,
            asked_at=NOW,
            expires_at=SOON,
            reminded_at=None,
            decided_by=1,
            decided_by_name=HOSTILE,
            decided_at=NOW,
            reason=HOSTILE * 30,
            permission_until=SOON,
        )
        for kind in RequestKind
        for state in RequestState
        for name in (None, HOSTILE)
    ]


LOCKS = (None, LockState((), ""), lock(Answer.YES), lock(Answer.NO), lock(Answer.UNSURE), lock(Answer.YES, 60))
HOSTS = tuple(f"host{n}.example.com" for n in range(60))
TURNED = rule_notices.TurnedAway(rule_notices.BlockProgress.SEEN, 3)
STEPS = [step for step in host_notices.HostStep if step is not host_notices.HostStep.PROVEN]
ALL_NOTICES: list[notices.Notice] = [
    *examples(certificate(), VIEWER),
    *(notices.Making(certificate(), at) for at in (None, SOON)),
    *(notices.Making(certificate(), name=name) for name in (HOSTILE * 4, NO_NAME)),
    *(notices.Ready(certificate(), state) for state in LOCKS),
    *(notices.ReadyOwnKey(certificate(), state) for state in LOCKS),
    *(
        notices.ReadyOwnKey(certificate(), LOCKS[-1], RequestSays(name, more, challenge, windows))
        for name in ("", (HOSTILE * 9)[:120], NO_NAME)
        for more in (False, True)
        for challenge in (False, True)
        for windows in (False, True)
    ),
    *(
        notices.NotMade(certificate(), why, 100, 100)
        for why in ("Unclear", "MissingRight", "ZoneFull", "RefusedByEdge", "Busy", "NotAllowed", "NoRequest", "else")
    ),
    *(notices.Revoking(certificate(), at) for at in (None, SOON)),
    *(
        notices.Revoked(certificate(), sure, state, until)
        for sure in (True, False)
        for state in LOCKS
        for until in (None, SOON)
    ),
    *(notices.RevokeStuck(certificate(), right) for right in (None, "SSL")),
    *(notices.Restoring(certificate(), at) for at in (None, SOON)),
    *(notices.Restored(certificate(), state) for state in LOCKS),
    notices.RestoreRefused(certificate()),
    notices.Forgotten(certificate()),
    notices.NeverOpened(certificate()),
    notices.NeverOpened(certificate(), renews=True),
    notices.Forgotten(certificate(), renews=True),
    notices.Tidied(replace(certificate(), origin=Origin.OWN_KEY)),
    notices.NotMade(replace(certificate(State.FAILED), origin=Origin.OWN_KEY, replaces=2), "NoRequest", 0, 0),
    notices.Tidied(certificate()),
    notices.PerhapsArrived(certificate()),
    *(notices.TakenByAnother(certificate(), by, state) for by in (HOSTILE, None) for state in LOCKS),
    notices.FoundActive(certificate()),
    *(notices.IssuedWithoutTap(certificate(), name) for name in ("", HOSTILE * 4, NO_NAME)),
    *(notices.HelpWanted(certificate(), symptom) for symptom in Symptom),
    notices.StepsAgain(certificate()),
    *(request_notices.RequestCard(request, 3, HOSTILE, first_seen=True) for request in every_request()),
    *(
        request_notices.RequestWaiting(request, (HOSTILE,) * many, reach)
        for request in every_request()
        for many, reach in (
            (0, request_notices.Reach.UNDER_WAY),
            (0, request_notices.Reach.NOBODY),
            (5, request_notices.Reach.REACHED),
        )
    ),
    *(
        kind(request)
        for request in every_request()
        for kind in (
            request_notices.YouAreIn,
            request_notices.SaidYes,
            request_notices.SaidNo,
            request_notices.NobodyDecided,
            request_notices.PermissionLapsed,
            request_notices.Reminded,
        )
    ),
    *(
        notices.Revoked(certificate(), sure, lock(Answer.YES, 60), SOON, rule_notices.TurnedAway(how, 3))
        for sure in (True, False)
        for how in rule_notices.BlockProgress
    ),
    *(notices.Revoking(certificate(), SOON, rule_notices.TurnedAway(how, 3)) for how in rule_notices.BlockProgress),
    *(notices.RevokeStuck(certificate(), right, TURNED) for right in (None, "SSL")),
    *(
        rule_notices.RuleChanged(tuple(Drift), HOSTS, (HOSTILE,) * 9, put_back=put_back, times=times)
        for put_back in (True, False)
        for times in (0, 3)
    ),
    *(
        rule_notices.RuleStuck(why, "WAF", HOSTS, 5)
        for why in ("RuleQuotaFull", "MissingRight", "HostsNotTaken", "RefusedByEdge")
    ),
    rule_notices.MoreThanFit(7),
    *(rule_notices.AllowFound(earlier_examples.allows(HOSTILE)[:count]) for count in (1, 2, 20)),
    *(rule_notices.CannotSeeAllows(rights) for rights in (("Zone: X: Read",), ("Zone: X: Read", "Account: Y: Read"))),
    *(host_notices.HostsProgress((host_notices.HostStatus("ha.example.com", step, 3),)) for step in STEPS),
    *(
        host_notices.HostsProgress((host_notices.HostStatus(HOSTILE, host_notices.HostStep.PROVEN, 3, proof, again),))
        for proof in proof_examples.proofs(HOSTILE)[::13]
        for again in (True, False)
    ),
    *(
        host_notices.LockdownNow(on, True, "", 2, host_notices.RuleStep.SEEN, HOSTS, proof_examples.proofs(HOSTILE)[:8])
        for on in (True, False)
    ),
    *(
        host_notices.LockdownNow(on, everything, by, 2, step, HOSTS)
        for on in (True, False)
        for everything in (True, False)
        for by in ("", HOSTILE)
        for step in host_notices.RuleStep
    ),
    *(host_notices.TakeOverNow("abcd1234", state, HOSTS) for state in host_notices.TakeOverState),
    host_notices.TakeOverNow("abcd1234", host_notices.TakeOverState.DONE, HOSTS, switches=False),
    host_notices.HostsProgress(tuple(host_notices.HostStatus(HOSTILE, step, 3) for step in STEPS)),
    *path_notices(HOSTILE),
    *proof_examples.reports(HOSTILE),
    *backup_examples.restored(HOSTILE),
    *status_notices(HOSTILE, certificate(), (VIEWER,)),
    *renewal_notices(HOSTILE, certificate()),
    household_notices.CannotReach(HOSTILE),
    household_notices.LooksLike(VIEWER, HOSTILE, HOSTILE),
    household_notices.PoisonUpdate(1, "abcd"),
    household_notices.TwoPollers(),
    household_notices.WebhookSet(HOSTILE),
    household_notices.WebhookSet("?"),
    *(notices.DoneOnServer(what, HOSTILE, own=own) for what in ServerChange for own in (True, False)),
]
