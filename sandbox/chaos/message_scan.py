"""What an episode comes to, and many of them together."""

from dataclasses import dataclass, field

from bot.model.audit import AuditTag


@dataclass(kw_only=True)
class Counted:
    """What is counted. ``worst``: the most calls to Cloudflare in five minutes; ``tags``: what the record tells of."""

    acts: int = 0
    kills: int = 0
    hits: int = 0
    troubles: int = 0
    calls: int = 0
    worst: int = 0
    files: int = 0
    keys: int = 0
    tags: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Told(Counted):
    """One episode. ``trail``: what was done, in order; ``wrong``: what may not be."""

    seed: str
    trail: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Sum(Counted):
    """All episodes."""

    episodes: int = 0
    wrong: int = 0

    def add(self, told: Told) -> None:
        """One more."""
        self.episodes += 1
        for name in ("acts", "kills", "hits", "troubles", "calls", "files", "keys"):
            setattr(self, name, getattr(self, name) + getattr(told, name))
        self.worst = max(self.worst, told.worst)
        self.wrong += len(told.wrong)
        self.tags |= told.tags

    def __str__(self) -> str:
        return (
            f"{self.episodes} episodes, {self.acts} actions, {self.kills} kills ({self.hits} at a call), "
            f"{self.troubles} troubles, {self.calls} calls to Cloudflare (at most {self.worst} in 5 minutes), "
            f"{len(self.tags)} of {len(AuditTag)} kinds of events, {self.files} files shown, {self.keys} keys opened, "
            f"{self.wrong} violations"
        )
