"""What people are told of our rule: its part of a revoke, and whatever is not as it should be."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.protection.earlier_rules import AllowRule
from bot.model.protection.rule_state import Drift


class BlockProgress(StrEnum):
    """How far the rule turns a certificate away by its fingerprint."""

    SEEN = "seen"
    WRITTEN = "written"
    UNDER_WAY = "under-way"
    WAITING = "waiting"
    NO_ROOM = "no-room"


@dataclass(frozen=True)
class TurnedAway:
    """The rule's part of a revoke; ``seconds`` from the order until the rule was seen at the edge."""

    how: BlockProgress
    seconds: int = 0


@dataclass(frozen=True)
class RuleChanged:
    """Our rule, or the list of hosts, is not as it was written, and not by us.

    ``hosts`` are protected ones that Cloudflare does not ask at; ``skips`` name rules of others that let some
    requests past ours; ``restore_rule``: it is put right without anybody's tap. ``times``: it keeps happening, so
    often within the last day (0: it does not).
    """

    differences: tuple[Drift, ...]
    hosts: tuple[str, ...]
    skips: tuple[str, ...]
    put_back: bool
    times: int = 0


@dataclass(frozen=True)
class RuleStuck:
    """Our rule cannot be written until somebody does something; ``why`` is the name of the trouble."""

    why: str
    right: str
    hosts: tuple[str, ...]
    rules: int


@dataclass(frozen=True)
class MoreThanFit:
    """``count`` revoked certificates have no room in the rule and are not confirmed by Cloudflare yet."""

    count: int


@dataclass(frozen=True)
class AllowFound:
    """IP Access rules let somebody past our rule, and were not there before."""

    rules: tuple[AllowRule, ...]


@dataclass(frozen=True)
class CannotSeeAllows:
    """The token lacks optional rights, without which nobody sees what runs before our rule: said once."""

    rights: tuple[str, ...]


RuleNotice = RuleChanged | RuleStuck | MoreThanFit | AllowFound | CannotSeeAllows
