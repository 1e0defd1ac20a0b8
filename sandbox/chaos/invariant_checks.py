"""What may never be, looked for once everything has settled. Each function answers what is wrong, in words."""

from collections import Counter
from collections.abc import Iterable

from bot.model.audit import AuditTag
from bot.model.certificates.certificates import COUNTED, State
from bot.pki.certificates import read_certificate
from sandbox.chaos.dashboard import Dashboard
from sandbox.chaos.keys import Keys, public_id_of
from sandbox.chaos.record import Record, Row, moment
from sandbox.world import World

_MADE_MORE = {AuditTag.PERSON_TRUSTED, AuditTag.PERSON_MADE_ADMIN, AuditTag.PERSON_MADE_ADMIN_IN_CHAT}
_UNDER_WAY = {State.ISSUING, State.REVOKING, State.RESTORING}
_ONCE = {
    "certificate": (
        {AuditTag.CERTIFICATE_ORDERED, AuditTag.CERTIFICATE_ADOPTED, AuditTag.PROBE_KEY_MADE},
        {AuditTag.CERTIFICATE_ISSUED, AuditTag.CERTIFICATE_FAILED, AuditTag.PROBE_ISSUED, AuditTag.PROBE_FAILED},
        {AuditTag.CERTIFICATE_EXPIRED},
        {AuditTag.PROBE_REVOKED},
    ),
    "request": (
        {AuditTag.REQUEST_MADE},
        {
            AuditTag.REQUEST_APPROVED,
            AuditTag.REQUEST_DENIED,
            AuditTag.REQUEST_BLOCKED,
            AuditTag.REQUEST_EXPIRED,
        },
        {AuditTag.REQUEST_USED, AuditTag.REQUEST_LAPSED},
    ),
    "path": ({AuditTag.PATH_ASKED}, {AuditTag.PATH_OPENED, AuditTag.PATH_REFUSED}, {AuditTag.PATH_CLOSED}),
}
_BECOMES = {
    AuditTag.CERTIFICATE_ORDERED: State.ISSUING,
    AuditTag.CERTIFICATE_ADOPTED: State.ACTIVE,
    AuditTag.CERTIFICATE_ISSUED: State.ACTIVE,
    AuditTag.CERTIFICATE_FAILED: State.FAILED,
    AuditTag.CERTIFICATE_REVOKE_ASKED: State.REVOKING,
    AuditTag.CERTIFICATE_REVOKE_DECIDED: State.REVOKING,
    AuditTag.CERTIFICATE_REVOKED: State.REVOKED,
    AuditTag.CERTIFICATE_RESTORE_ASKED: State.RESTORING,
    AuditTag.CERTIFICATE_RESTORED: State.ACTIVE,
    AuditTag.CERTIFICATE_RESTORE_REFUSED: State.REVOKING,
    AuditTag.CERTIFICATE_EXPIRED: State.EXPIRED,
}


def certificates(world: World, record: Record, dashboard: Dashboard, shown_as_unknown: frozenset[str]) -> list[str]:
    """Cloudflare's list and ours, one against the other."""
    wrong = []
    rows = {row["cloudflare_id"]: row for row in record.certificates if row["cloudflare_id"]}
    for found in world.cloudflare.certificates:
        if found.status not in {"active", "pending_reactivation"}:
            continue
        row, name = rows.get(found.id), f"{found.common_name} ({found.id[:8]})"
        if row is None and found.id in dashboard.certificates:
            if found.id not in shown_as_unknown:
                wrong.append(f"{name}, made by hand, is not shown as unknown")
        elif row is None:
            wrong.append(f"{name} is live at Cloudflare, and nobody here knows it")
        elif row["state"] not in {State.ACTIVE, State.EXPIRED}:
            wrong.append(f"{name} is live at Cloudflare, and {row['state']} here")
    status = {found.id: found.status for found in world.cloudflare.certificates}
    for row in record.certificates:
        held = status.get(row["cloudflare_id"])
        if row["state"] == State.ACTIVE and held != "active":
            wrong.append(f"{row['common_name']} is active here, and {held} at Cloudflare")
        if row["state"] in _UNDER_WAY and not _awaits_its_request(record, row["public_id"]):
            wrong.append(f"{row['common_name']} ({row['public_id']}) is {row['state']} for ever")
    return wrong + _signed_twice(world) + _two_at_once(record)


def _awaits_its_request(record: Record, public_id: str) -> bool:
    return any(chore["kind"] == "expire" and chore["subject"] == public_id for chore in record.chores)


def _signed_twice(world: World) -> list[str]:
    keys = Counter(read_certificate(found.pem).public_key_sha256 for found in world.cloudflare.certificates)
    live: Counter[str] = Counter(
        public_id_of(found.certificate) for found in world.cloudflare.certificates if found.status == "active"
    )
    del live[""]
    wrong = [f"{times} certificates were made for one key" for times in keys.values() if times > 1]
    return wrong + [f"{times} live certificates for one order ({order})" for order, times in live.items() if times > 1]


def _two_at_once(record: Record) -> list[str]:
    """One yes is one key: a device has one, and whoever needs a yes has no more keys than were allowed."""
    of_device = Counter(row["device_id"] for row in record.certificates if row["device_id"] and row["state"] in COUNTED)
    return [f"device {device} has {times} certificates" for device, times in of_device.items() if times > 1]


def permissions(world: World, record: Record, keys: Keys, limit: int) -> list[str]:
    """Nobody has more than they may, and nobody what is another's."""
    wrong = [each for person in record.people for each in _more_than_allowed(record, person, limit)]
    for key in keys.keys.values():
        owner = next((row["owner_id"] for row in record.certificates if row["public_id"] == key.public_id), None)
        if owner is None:
            wrong.append(f"{key.who} opened a file that nobody ordered")
        elif record.person(owner)["telegram_id"] != world.people[key.who].user_id:
            wrong.append(f"{key.who} has the key of {key.public_id}, which is another's")
    for who, times in keys.seen_files.items():
        somebody = record.account(world.people[who].user_id)
        own = [row for row in record.certificates if somebody and row["owner_id"] == somebody["id"]]
        if times and not own:
            wrong.append(f"{who} was sent a file and owns nothing")
    return wrong


def _more_than_allowed(record: Record, person: Row, limit: int) -> list[str]:
    wrong = []
    held = [row for row in record.certificates if row["owner_id"] == person["id"] and row["state"] in COUNTED]
    made = [row for row in held if row["origin"] != "adopted"]
    most = max(_limits(record, person, limit))
    if len(made) > most:
        wrong.append(f"{person['name']} has {len(made)} devices of {most}")
    frozen = moment(person["frozen_at"]) if person["standing"] != "ok" else None
    for row in made:
        created = moment(row["created_at"])
        if frozen and created and created > frozen:
            wrong.append(f"{person['name']} got {row['common_name']} while {person['standing']}")
        if not _ever_more(record, person["public_id"]) and not _has_yes(record, row["id"]):
            wrong.append(f"{person['name']} has {row['common_name']} without a yes")
    return wrong


def _limits(record: Record, person: Row, limit: int) -> list[int]:
    """Every limit somebody ever had: a lower one takes nothing away."""
    found = [limit, person["device_limit"] or 0]
    for event in record.events:
        if event["tag"] == AuditTag.PERSON_LIMIT_SET and event["subject"] == person["public_id"]:
            found += [int(word) for word in "".join(c if c.isdigit() else " " for c in event["detail"]).split()]
    return found


def _ever_more(record: Record, public_id: str) -> bool:
    return any(event["subject"] == public_id and event["tag"] in _MADE_MORE for event in record.events)


def _has_yes(record: Record, row: int) -> bool:
    return any(request["certificate_id"] == row for request in record.requests)


def events(record: Record, *, whole: bool) -> list[str]:
    """One event per change, and a whole chain."""
    wrong = [] if whole else ["the record's chain is broken"]
    subjects: dict[str, Counter[str]] = {}
    for event in record.events:
        subjects.setdefault(event["subject"], Counter())[event["tag"]] += 1
    wrong += [
        f"{kind} {subject}: {sorted(group & counted.keys())} happened more than once"
        for kind, groups in _ONCE.items()
        for subject, counted in subjects.items()
        for group in groups
        if sum(counted[tag] for tag in group) > 1
    ]
    for row in record.certificates:
        told = _state_told(record.tags(row["public_id"]))
        if row["device_id"] and told != row["state"]:
            wrong.append(f"{row['common_name']} is {row['state']}, and its events end in {told}")
    return wrong


def _state_told(tags: list[str]) -> State | None:
    """The state in which a certificate's events leave it."""
    state = None
    for tag in tags:
        becomes = _BECOMES.get(AuditTag(tag))
        # Asked once more: that is a fact beside the state.
        insisted = becomes is State.REVOKING and state in {State.REVOKING, State.REVOKED}
        if becomes is not None and not insisted:
            state = becomes
    return state


def left_over(record: Record, now: object) -> list[str]:
    """Nothing waits that should have been done."""
    late = [f"{len(record.waiting)} updates are not handled"] if record.waiting else []
    overdue: Iterable[str] = (
        f"{chore['kind']} of {chore['subject']} is overdue ({chore['attempts']} attempts)"
        for chore in record.chores
        if moment(chore["due_at"]) < now  # type: ignore[operator]
    )
    return late + list(overdue)
