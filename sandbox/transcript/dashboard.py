"""What somebody does in Cloudflare's dashboard that is decided before custom rules, or adds a way in."""

from dataclasses import dataclass

from sandbox.transcript.actions import Action, Stage
from sandbox.transcript.errors import CannotDoError


@dataclass(frozen=True)
class Allows(Action):
    """Somebody adds an IP Access rule with *Allow*, of the zone or of the account."""

    target: str
    value: str
    notes: str = ""
    account: bool = False

    async def perform(self, stage: Stage) -> None:
        """Add it."""
        stage.world.cloudflare.allow_by_hand(self.target, self.value, account=self.account, notes=self.notes)


@dataclass(frozen=True)
class Disallows(Action):
    """Somebody deletes the IP Access rules for a value."""

    value: str

    async def perform(self, stage: Stage) -> None:
        """Delete them."""
        try:
            stage.world.cloudflare.disallow_by_hand(self.value)
        except LookupError as nothing:
            raise CannotDoError(str(nothing)) from nothing


@dataclass(frozen=True)
class RewritesPath(Action):
    """Somebody adds a URL rewrite: what the expression is true of gets another path."""

    expression: str
    path: str
    name: str

    async def perform(self, stage: Stage) -> None:
        """Add it."""
        stage.world.cloudflare.rewrite_by_hand(self.expression, self.path, self.name)


@dataclass(frozen=True)
class AddsName(Action):
    """Somebody adds a DNS record: another name, a wildcard perhaps, for the service of a host."""

    name: str
    like: str

    async def perform(self, stage: Stage) -> None:
        """Add it."""
        stage.world.cloudflare.add_name(self.name, like=self.like)


@dataclass(frozen=True)
class TokenLacks(Action):
    """Somebody takes a right from the bot's token, or gives it back."""

    right: str
    back: bool = False

    async def perform(self, stage: Stage) -> None:
        """Do it."""
        rights = stage.world.cloudflare.permissions
        if self.back:
            rights.add(self.right)
        elif self.right in rights:
            rights.remove(self.right)
        else:
            raise CannotDoError(f"the token has no right {self.right}, only {', '.join(sorted(rights))}")
