"""How the lock stands: what is wanted, and what Cloudflare says of it."""

from dataclasses import dataclass

from bot.model.openings.paths import OpenPath
from bot.model.protection.earlier_rules import NOTHING_EARLIER, EarlierRules, Rewrite
from bot.model.protection.hosts import HostState
from bot.model.protection.rule_state import Drift


@dataclass(frozen=True)
class HostReport:
    """One protected host. ``associated``: Cloudflare asks for a certificate there; ``None`` where it does not say."""

    host: str
    state: HostState
    unlocked: bool
    associated: bool | None


@dataclass(frozen=True, kw_only=True)
class LockReport:
    """All of it. ``trouble`` is the name of what kept Cloudflare from telling; ``waiting`` counts orders under way.

    ``skips`` name rules of others that let some requests past ours; ``only_there`` are hosts at which Cloudflare asks
    for a certificate, and nobody ordered it here; ``earlier`` is what runs before our rule.
    """

    zone: str
    hosts: tuple[HostReport, ...]
    differences: frozenset[Drift]
    seen: bool
    unlocked: bool
    lockdown: bool
    everything: bool
    paths: tuple[OpenPath, ...]
    used: int | None
    quota: int
    waiting: int
    trouble: str
    skips: tuple[str, ...] = ()
    only_there: tuple[str, ...] = ()
    earlier: EarlierRules = NOTHING_EARLIER

    @property
    def not_asked(self) -> tuple[str, ...]:
        """Protected hosts at which Cloudflare does not ask for a certificate: everybody is turned away there."""
        return tuple(one.host for one in self.hosts if one.state is HostState.PROTECTED and one.associated is False)

    @property
    def locked(self) -> tuple[str, ...]:
        """The hosts that are locked, as far as the rows know."""
        return tuple(one.host for one in self.hosts if one.state is HostState.PROTECTED and not one.unlocked)

    @property
    def unlocked_hosts(self) -> tuple[str, ...]:
        """Hosts that are unlocked on purpose, one by one."""
        return tuple(one.host for one in self.hosts if one.unlocked)

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """URL rewrites that may change what our rule sees."""
        return self.earlier.touching([one.host for one in self.hosts])

    @property
    def is_sound(self) -> bool:
        """Whether everything is as it should be."""
        return (
            not self.not_asked
            and not self.differences
            and not self.trouble
            and not self.waiting
            and not self.unlocked
            and not self.earlier.allows
        )
