"""Our rule as it stands at Cloudflare, and how that differs from what we wrote."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.protection.expression import Expression

RULE_REF = "latchkey-block"
"""The reference by which our rule is found, whatever happens to its place and its words."""


class Drift(StrEnum):
    """What is not as it should be."""

    MISSING = "missing"
    DISABLED = "disabled"
    ENABLED = "enabled"
    EDITED = "edited"
    NOT_FIRST = "not-first"
    SKIPPED = "skipped"
    """A rule above ours skips it for some requests."""

    NOT_ASSOCIATED = "not-associated"
    """Cloudflare does not ask for a certificate at a protected host: everybody is blocked there."""


PUT_BACK_AT_ONCE = frozenset({Drift.MISSING, Drift.DISABLED, Drift.SKIPPED})
"""What nobody is asked about: it would leave the door open, and putting ours right touches no rule of others."""


@dataclass(frozen=True, kw_only=True)
class OurRule:
    """Our rule. ``place`` counts from 1. ``plain``: a block without further parameters."""

    rule_id: str
    place: int
    enabled: bool
    plain: bool
    text: str
    expression: Expression


@dataclass(frozen=True, kw_only=True)
class ForeignRule:
    """Somebody else's rule as far as it concerns ours. ``skips_more``: it lets requests past more than custom rules."""

    rule_id: str
    place: int
    action: str
    enabled: bool
    description: str
    text: str
    expression: Expression
    skips_ours: bool
    skips_more: bool = False


@dataclass(frozen=True, kw_only=True)
class RuleState:
    """The zone's custom rules. ``ours`` is ``None`` where there is none of ours.

    ``foreign`` are all others in their order; ``ruleset_id`` is empty before a zone's first custom rule.
    """

    ruleset_id: str
    ours: OurRule | None
    foreign: tuple[ForeignRule, ...]

    @property
    def count(self) -> int:
        """How many custom rules the zone has, ours among them."""
        return len(self.foreign) + (self.ours is not None)

    @property
    def skips_above(self) -> tuple[ForeignRule, ...]:
        """Foreign rules before ours that let some requests past it."""
        if self.ours is None:
            return ()
        place = self.ours.place
        return tuple(rule for rule in self.foreign if rule.place < place and rule.enabled and rule.skips_ours)


def differences(state: RuleState, written: Expression | None, *, enabled: bool) -> frozenset[Drift]:
    """How our rule differs from what was written last (``None``: it cannot be told), besides its hosts."""
    ours = state.ours
    if ours is None:
        return frozenset({Drift.MISSING})
    found = set()
    if ours.enabled is not enabled:
        found.add(Drift.DISABLED if enabled else Drift.ENABLED)
    if not ours.plain or (written is not None and ours.expression != written):
        found.add(Drift.EDITED)
    if state.skips_above:
        found.add(Drift.SKIPPED)
    elif ours.place != 1:
        found.add(Drift.NOT_FIRST)
    return frozenset(found)
