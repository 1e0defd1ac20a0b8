"""Other names that may lead to a protected service without a certificate: which are asked, and what came of it.

A wildcard record answers to every name below it, a second record may point to the same service, and an origin that
does not look at ``Host`` answers to all of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.model.protection.hosts import ZoneNames

MAX_ASKED = 12
"""Names asked in one go: neither the household's line nor somebody's service is to be flooded."""

_WILDCARD = "*."


@dataclass(frozen=True, kw_only=True)
class NamesToAsk:
    """``names``: as they stand in DNS, wildcards among them. ``left`` are those that are not asked, for there are too
    many; ``not_covered`` those that Cloudflare's certificate does not cover, so that nobody can be asked there.
    """

    names: tuple[str, ...] = ()
    left: int = 0
    not_covered: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NamesAsked:
    """``asked`` were asked without a certificate and compared; of ``unclear`` it cannot be told what is behind them.

    ``not_told``: Cloudflare did not tell the zone's names. ``cut``: it has more than were read. ``left`` and
    ``not_covered``: see ``NamesToAsk``.
    """

    asked: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    left: int = 0
    not_covered: tuple[str, ...] = ()
    not_told: bool = False
    cut: bool = False


NOBODY_ASKED = NamesAsked()


def names_to_ask(names: ZoneNames, protected: Collection[str], zone: str) -> NamesToAsk:
    """Whom to ask beside these protected hosts: first what stands for any name, then what points where a protected host
    points, then the rest.
    """
    targets = {one.name: one.targets for one in names.records}
    others = [one for one in targets if one not in protected]
    covered = [one for one in others if not names.full or is_covered(one, zone)]
    ranked = sorted(covered, key=lambda name: (_rank(name, targets, protected), name))
    return NamesToAsk(
        names=tuple(ranked[:MAX_ASKED]),
        left=max(0, len(ranked) - MAX_ASKED),
        not_covered=tuple(one for one in others if one not in covered),
    )


def is_covered(name: str, zone: str) -> bool:
    """Whether Universal SSL covers it on a zone whose name server is Cloudflare: the apex and one level below (edge
    certificates, universal SSL, limitations).
    """
    return name == zone or name.partition(".")[2] == zone


def is_wildcard(name: str) -> bool:
    """Whether it stands for every name below it that has no record of its own."""
    return name.startswith(_WILDCARD)


def name_below(wildcard: str, label: str) -> str:
    """A name that this wildcard answers to."""
    return f"{label}.{wildcard.removeprefix(_WILDCARD)}"


def can_be_locked(name: str, beside: str) -> bool:
    """Whether ``/protect`` takes ``name``, which was found beside the protected host ``beside``: neither a wildcard nor
    the zone itself.
    """
    return not is_wildcard(name) and name.partition(".")[2] == beside.partition(".")[2]


def _rank(name: str, targets: Mapping[str, frozenset[str]], protected: Collection[str]) -> int:
    if is_wildcard(name):
        return 0
    return 1 if any(targets[name] & targets.get(host, frozenset()) for host in protected) else 2
