"""Examples of what runs before our rule, for the tests of words."""

from bot.model.proofs.other_names import NamesAsked
from bot.model.protection.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite
from bot.model.protection.expression import Opaque


def allows(hostile: str) -> tuple[AllowRule, ...]:
    """Of each kind, for each reach, with and without notes."""
    kinds = (("ip", "192.0.2.1"), ("asn", "AS64496"), ("country", "NL"), ("country", hostile), ("new-kind", hostile))
    return tuple(
        AllowRule(rule_id=f"{target}{value}{reach}", target=target, value=value, notes=notes, reach=reach)
        for target, value in kinds
        for reach in Reach
        for notes in ("", hostile * 3)
    )


def earlier(hostile: str) -> EarlierRules:
    """All of it at once."""
    rewrites = tuple(Rewrite(rule_id=str(n), name=hostile, expression=Opaque("")) for n in range(9))
    rights = ("Zone: Firewall Services: Read", "Account: Account Firewall Access Rules: Read")
    return EarlierRules(allows=allows(hostile), rewrites=rewrites, missing_rights=rights, untold=True, cut=True)


def names(hostile: str) -> tuple[NamesAsked, ...]:
    """Some were asked, and some could not be; and nothing is told."""
    some = (hostile, "www.example.com") * 6
    every = NamesAsked(asked=some, unclear=some, left=40, not_covered=some, cut=True)
    return every, NamesAsked(not_told=True)
