"""What runs before our rule, for admins: who is let past it, which addresses are rewritten, and what is not seen."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.chat.languages import ENGLISH
from bot.chat.messages.message import Button, Locale, Message, named, paragraphs
from bot.model.protection.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite
from bot.model.protection.rule_notices import AllowFound, CannotSeeAllows

_SECURITY_RULES = "https://dash.cloudflare.com/?to=/:account/:zone/security/security-rules"
"""Where IP Access rules are listed (Cloudflare's documentation, "Create an IP Access rule")."""

_TOKENS = "https://dash.cloudflare.com/profile/api-tokens"
_LONGEST_TEXT = 40
_MAX_NAMED = 3


def found(notice: AllowFound, locale: Locale) -> Message:
    """Somebody gets past the rule since lately."""
    return Message(
        html=paragraphs(
            locale._("🔴 <b>Somebody gets past the lock without a certificate.</b>"),
            passing(notice.rules, locale),
            locale._(
                "If you did not mean that, also check who has access to your Cloudflare account. If it only spares somebody a challenge: a custom rule with Skip, below mine, does that and keeps the lock."
            ),
        ),
        rows=((security_rules(locale),),),
    )


def cannot_see(notice: CannotSeeAllows, locale: Locale) -> Message:
    """A right is missing without which part of it is not seen: said once."""
    return Message(
        html=paragraphs(
            locale._("I cannot see everything that may let somebody past the lock: the token lacks {rights}.").format(
                rights=quoted(notice.rights, locale)
            ),
            locale._(
                "That is optional. With it I look every five minutes for rules at Cloudflare that run before mine, and tell you. I say this once; /status keeps it."
            ),
        ),
        rows=((Button(text=locale.label("Edit the token"), url=_TOKENS),),),
        quiet=True,
    )


def passing(rules: tuple[AllowRule, ...], locale: Locale) -> Markup:
    """Who gets past the rule, and what to do."""
    return locale.many(
        "An IP Access rule with Allow lets {who} past my rule, without a certificate. Delete it at Cloudflare (Security, Security rules).",
        "IP Access rules with Allow let {who} past my rule, without a certificate. Delete them at Cloudflare (Security, Security rules).",
        len(rules),
        who=named(tuple(who(one, locale) for one in rules), locale, _MAX_NAMED),
    )


def rewriting(rewrites: tuple[Rewrite, ...], locale: Locale) -> Markup:
    """Which rewrites change what the rule sees, and what to do."""
    return locale.many(
        "A URL rewrite runs before my rule: {names}. Open paths there may stay closed, and I may not see my rule arrive. Let it leave the locked hosts alone (Cloudflare: Rules).",
        "URL rewrites run before my rule: {names}. Open paths there may stay closed, and I may not see my rule arrive. Let them leave the locked hosts alone (Cloudflare: Rules).",
        len(rewrites),
        names=named(tuple(_short(one.name) for one in rewrites), locale, _MAX_NAMED),
    )


def unread(earlier: EarlierRules, locale: Locale) -> Markup | None:
    """What should be told and is not, for no fault of the token."""
    if earlier.cut:
        return locale._("There are more IP Access rules than I read. Please look for Allow among them yourself.")
    if earlier.untold:
        return locale._("Cloudflare does not tell its IP Access rules right now. Please look again in some minutes.")
    return None


def not_seen(earlier: EarlierRules, locale: Locale) -> Markup | None:
    """Which optional right is missing: to be found, and no alarm."""
    if not earlier.missing_rights:
        return None
    return locale._(
        "Whether another rule lets somebody past mine I cannot fully see: the token lacks {rights} (optional)."
    ).format(rights=quoted(earlier.missing_rights, locale))


def security_rules(locale: Locale) -> Button:
    """The way to where they are deleted."""
    return Button(text=locale.label("Open Security rules"), url=_SECURITY_RULES)


def quoted(rights: tuple[str, ...], locale: Locale) -> Markup:
    """Rights in Cloudflare's words."""
    return Markup(", ").join(locale._("“{right}”").format(right=one) for one in rights)


def who(rule: AllowRule, locale: Locale) -> Markup:
    """Whom a rule names, with what somebody noted beside it."""
    whom = Markup.escape(rule.value)
    if rule.target == "country":
        whom = locale._("the country {country}").format(country=locale.country(rule.value))
    elif rule.target == "asn":
        whom = locale._("the network {network}").format(network=rule.value)
    notes = _short(rule.notes)
    said = locale._("{who} (“{notes}”)").format(who=whom, notes=notes) if notes else whom
    if rule.reach is Reach.ZONE:
        return said
    return locale._("{who} in the whole account").format(who=said)


def plainly(rule: AllowRule) -> str:
    """The same in plain English, for the command line."""
    return who(rule, Locale(ENGLISH, ZoneInfo("UTC"), datetime.fromtimestamp(0, UTC))).striptags()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
