"""What the edge decides before custom rules: IP Access rules, and URL rewrites.

Source: Cloudflare's WAF documentation, "Security features interoperability" and "IP Access rules". A rule with *Allow*
(``whitelist``) ends the evaluation: custom rules are not asked.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_network

from sandbox.edge.zone import AccessRule, Rewrite
from sandbox.rules import evaluate, parse
from sandbox.rules.evaluation import FieldValue

ALLOW = "whitelist"
# Which of several wins is not documented, so of the stand-in's own choice: the one that names the fewest.
_ORDER = ("ip", "ip6", "ip_range", "asn", "country")


def deciding(rules: Sequence[AccessRule], fields: Mapping[str, FieldValue]) -> AccessRule | None:
    """The IP Access rule that decides about a request; None where none names its source."""
    return min(
        (rule for rule in rules if _names(rule, fields)), key=lambda rule: _ORDER.index(rule.target), default=None
    )


def rewritten_path(rewrites: Sequence[Rewrite], fields: Mapping[str, FieldValue]) -> str | None:
    """The path that the first rewrite which matches puts in place of the one that was asked for."""
    return next((one.path for one in rewrites if evaluate(parse(one.expression), fields)), None)


def _names(rule: AccessRule, fields: Mapping[str, FieldValue]) -> bool:
    if rule.target == "country":
        return fields["ip.src.country"] == rule.value.upper()
    if rule.target == "asn":
        return fields["ip.src.asnum"] == int(rule.value.upper().removeprefix("AS"))
    source = fields["ip.src"]
    return isinstance(source, IPv4Address | IPv6Address) and source in ip_network(rule.value)
