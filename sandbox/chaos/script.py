"""What is done in one episode: a list of acts, drawn from a seed alone, so that it can be played again."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.world import DEFAULT_HOSTS, Person

ADMINS: Final = ("Annabell", "Benjamin")
THIEF: Final = "Mallory"
PEOPLE: Final = (
    *(Person(name, frozenset({"admin"})) for name in ADMINS),
    Person("Thomasin", frozenset({"member"})),
    Person("Miamaria", frozenset({"trusted"})),
    Person("Kimberley"),
    Person("Evelynne"),
    Person(THIEF),
)
NAMES: Final = tuple(person.name for person in PEOPLE)

_HOST = DEFAULT_HOSTS[0]
_TEXTS: Final = (
    ("/newcert {device}", 10),
    ("/newcert {device} 90d", 1),
    ("/newcert {device} rsa", 1),
    ("/newcert {device} csr", 1),
    ("/newcert", 1),
    ("/certs", 2),
    ("/certs all", 1),
    ("/revoke {device}", 5),
    ("/revoke {other}/{others}", 1),
    ("/lost", 0.4),
    ("/lost {device}", 0.4),
    ("hello", 3),
    ("/start", 2),
    ("{device}", 1),
    ("/cancel", 1),
    ("/help", 1),
)
_ADMINS_TEXTS: Final = (
    ("/people", 3),
    ("/invite Grandma", 1),
    ("/invite", 1),
    (f"/protect {_HOST}", 3),
    (f"/protect {DEFAULT_HOSTS[1]}", 2),
    ("/protect", 2),
    (f"/unprotect {_HOST}", 1),
    (f"/openpath https://{_HOST}/api/webhook/{{path}} 30m", 4),
    (f"/openpath https://{_HOST}/api/webhook/{{path}} 2h POST", 2),
    (f"/openpath https://{DEFAULT_HOSTS[1]}/hook/{{path}} 1h", 2),
    (f"/openpath https://{_HOST}/api/always/{{path}} always", 1),
    ("/paths", 2),
    ("/lockdown", 0.4),
    ("/lockdown off", 2),
    ("/status", 3),
    ("/prove", 2),
    ("/audit", 1),
)
_CLOCK: Final = (
    (1, 4),
    (20, 4),
    (125, 4),
    (400, 4),
    (61 * 60, 3),
    (3 * 3600, 2),
    (25 * 3600, 2),
    (8 * 86400, 0.3),
    (-30, 1),
    (-400, 1),
    (-2 * 3600, 0.5),
    (-86400, 0.2),
)
_HANDS: Final = (
    "delete-ours",
    "disable-ours",
    "edit-ours",
    "move-ours",
    "issue",
    "issue",
    "foreign-add",
    "foreign-add",
)
_HANDS_MORE: Final = ("issue", "foreign-add", "foreign-edit", "foreign-delete", "reactivate", "dissociate")
_KINDS: Final = (
    ("say", 20),
    ("admin-says", 12),
    ("tap", 20),
    ("new", 20),
    ("decide", 12),
    ("finish", 20),
    ("confirm", 10),
    ("two-tap", 3),
    ("forge", 6),
    ("old", 4),
    ("contact", 1),
    ("file", 1),
    ("block", 0.5),
    ("mend", 5),
    ("hand", 4),
    ("clock", 9),
    ("weather", 4),
    ("burst", 2),
    ("kill", 6),
    ("stop", 0.5),
)
_BURST = 6
_SEVERAL = 3


@dataclass(frozen=True)
class Act:
    """One thing that happens. ``rests``: what comes next waits for the bot, for a moment at least."""

    kind: str
    args: dict[str, Any] = field(default_factory=dict)
    rests: bool = True

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.args.items())
        return f"{self.kind}({told}){'' if self.rests else ' …'}"


def written(seed: str, length: int, kills: float = 1.0) -> list[Act]:
    """The acts of one episode; ``kills`` says how much more often than usual the bot is killed."""
    chance = random.Random(seed)
    return [_act(chance, kills) for _ in range(length)]


def _act(chance: random.Random, kills: float) -> Act:
    kinds = [(kind, weight * (kills if kind == "kill" else 1)) for kind, weight in _KINDS]
    kind = _drawn(chance, kinds)
    return Act(kind, _ARGS.get(kind, _nothing)(chance), rests=chance.random() < 0.7)


def _drawn(chance: random.Random, weighed: Any) -> Any:
    values, weights = zip(*weighed, strict=True)
    return chance.choices(values, weights)[0]


def _nothing(_: random.Random) -> dict[str, Any]:
    return {}


def _text(chance: random.Random, who: str, texts: Any) -> str:
    other = chance.choice(NAMES)
    text: str = _drawn(chance, texts)
    return text.format(
        device=f"dev-{who.lower()}-{chance.randint(1, 6)}",
        other=other,
        others=f"dev-{other.lower()}-{chance.randint(1, 6)}",
        path=f"{chance.getrandbits(40):010x}",
    )


def _says(chance: random.Random) -> dict[str, Any]:
    who = chance.choice((*NAMES, *ADMINS, "Miamaria"))
    return {"who": who, "text": _text(chance, who, _TEXTS)}


def _admin_says(chance: random.Random) -> dict[str, Any]:
    who = chance.choice((*ADMINS, *ADMINS, *ADMINS, THIEF))
    return {"who": who, "text": _text(chance, who, _ADMINS_TEXTS)}


def _tap(chance: random.Random) -> dict[str, Any]:
    return {"who": chance.choice(NAMES), "place": chance.randint(0, 40), "times": chance.choice((1, 1, 1, 2))}


def _new(chance: random.Random) -> dict[str, Any]:
    return {"who": chance.choice(NAMES), "place": chance.randint(0, 3), "times": 1}


def _two_tap(chance: random.Random) -> dict[str, Any]:
    return {"places": [chance.randint(0, 8), chance.randint(0, 8)]}


def _forge(chance: random.Random) -> dict[str, Any]:
    return {
        "who": chance.choice((THIEF, THIEF, *NAMES)),
        "owner": chance.choice(NAMES),
        "place": chance.randint(0, 60),
        "arg": chance.choice(("", "", "", "0", "1", "999")),
    }


def _old(chance: random.Random) -> dict[str, Any]:
    return {"who": chance.choice(NAMES), "place": chance.randint(0, 400)}


def _decide(chance: random.Random) -> dict[str, Any]:
    return {"who": chance.choice(ADMINS), "mostly": chance.random() < 0.8}


def _finish(chance: random.Random) -> dict[str, Any]:
    return {"who": chance.choice(NAMES[:-1]), "works": chance.random() < 0.7}


def _hand(chance: random.Random) -> dict[str, Any]:
    what = chance.choice((*_HANDS, *_HANDS_MORE))
    return {"what": what, "which": chance.randint(0, 20), "name": f"by-hand-{chance.getrandbits(24):06x}"}


def _clock(chance: random.Random) -> dict[str, Any]:
    return {"plus": _drawn(chance, _CLOCK)}


def _weather(chance: random.Random) -> dict[str, Any]:
    return {
        "listed_late_seconds": chance.choice((0, 0, 0, 3, 30, 200)),
        "pending_seconds": chance.choice((0, 0, 0, 5, 90, 1200)),
        "propagation_seconds": chance.choice((0, 0, 2, 40)),
        "pages_repeated": chance.random() < 0.3,
        "date_ahead_seconds": chance.choice((0, 0, 0, 0, 90, -90)),
        "reactivate_revoked": chance.random() < 0.8,
    }


def _killed(chance: random.Random) -> dict[str, Any]:
    return {
        "call": chance.choice((1, 1, 2, 2, 3, 4, 5, 7, 9)),
        "when": chance.choice(("before", "after")),
        "during": [_quick(chance) for _ in range(chance.randint(1, _SEVERAL))],
        "away": chance.choice((0, 0, 0, 0, 0, 5, 130, 700, 7200, 90000)),
    }


def _burst(chance: random.Random) -> dict[str, Any]:
    return {"acts": [_quick(chance) for _ in range(_BURST)]}


def _quick(chance: random.Random) -> Act:
    """Something a person does."""
    kind = _drawn(chance, [(kind, weight) for kind, weight in _KINDS if kind in _QUICK])
    return Act(kind, _ARGS[kind](chance), rests=False)


_QUICK = frozenset({"say", "admin-says", "tap", "new", "decide", "finish", "confirm", "two-tap"})
_ARGS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "say": _says,
    "admin-says": _admin_says,
    "tap": _tap,
    "new": _new,
    "decide": _decide,
    "finish": _finish,
    "two-tap": _two_tap,
    "forge": _forge,
    "old": _old,
    "contact": lambda chance: {"who": chance.choice(NAMES), "by": chance.choice(ADMINS)},
    "file": lambda chance: {"who": chance.choice(NAMES), "what": chance.choice(("key", "junk", "csr"))},
    "confirm": lambda chance: {"who": chance.choice((*ADMINS, *ADMINS, *NAMES)), "place": chance.randint(0, 20)},
    "mend": lambda chance: {"who": chance.choice(ADMINS)},
    "block": lambda chance: {"who": chance.choice(NAMES)},
    "hand": _hand,
    "clock": _clock,
    "weather": _weather,
    "burst": _burst,
    "kill": _killed,
}
