"""What runs before our rule, for admins: who is let past it, which addresses are rewritten, and what is not seen."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, named, paragraphs
from bot.model.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite
from bot.model.rule_notices import AllowFound, CannotSeeAllows

_SECURITY_RULES = "https://dash.cloudflare.com/?to=/:account/:zone/security/security-rules"
"""Where IP Access rules are listed (Cloudflare's documentation, "Create an IP Access rule")."""

_TOKENS = "https://dash.cloudflare.com/profile/api-tokens"
_LONGEST_NOTES = 40


def found(notice: AllowFound, voice: Voice) -> Message:
    """Somebody gets past the rule since lately."""
    return Message(
        html=paragraphs(
            voice._("🔴 <b>Somebody gets past the lock without a certificate.</b>"),
            passing(notice.rules, voice),
            voice._(
                "If you did not mean that, also check who has access to your Cloudflare account. If it only spares somebody a challenge: a custom rule with Skip, below mine, does that and keeps the lock."
            ),
        ),
        rows=((security_rules(voice),),),
    )


def cannot_see(notice: CannotSeeAllows, voice: Voice) -> Message:
    """A right is missing without which part of it is not seen: said once."""
    return Message(
        html=paragraphs(
            voice._("I cannot see everything that may let somebody past the lock: the token lacks {rights}.").format(
                rights=quoted(notice.rights)
            ),
            voice._(
                "That is optional. With it I look every five minutes for rules at Cloudflare that run before mine, and tell you. I say this once; /status keeps it."
            ),
        ),
        rows=((Button(text=voice.label("Edit the token"), url=_TOKENS),),),
        quiet=True,
    )


def passing(rules: tuple[AllowRule, ...], voice: Voice) -> Markup:
    """Who gets past the rule, and what to do."""
    return voice.many(
        "An IP Access rule with Allow lets {who} past my rule, without a certificate. Delete it at Cloudflare (Security, Security rules).",
        "IP Access rules with Allow let {who} past my rule, without a certificate. Delete them at Cloudflare (Security, Security rules).",
        len(rules),
        who=named(tuple(_who(one, voice) for one in rules), voice),
    )


def rewriting(rewrites: tuple[Rewrite, ...], voice: Voice) -> Markup:
    """Which rewrites change what the rule sees, and what to do."""
    return voice.many(
        "A URL rewrite runs before my rule and changes addresses: {names}. Open paths there may stay closed, and I may not see my rule arrive. Let it leave the locked hosts alone (Cloudflare: Rules).",
        "URL rewrites run before my rule and change addresses: {names}. Open paths there may stay closed, and I may not see my rule arrive. Let them leave the locked hosts alone (Cloudflare: Rules).",
        len(rewrites),
        names=named(tuple(one.name for one in rewrites), voice),
    )


def unread(earlier: EarlierRules, voice: Voice) -> Markup | None:
    """What should be told and is not, for no fault of the token."""
    if earlier.cut:
        return voice._(
            "There are more IP Access rules than I read. Please look for Allow among them yourself (Cloudflare: Security, Security rules)."
        )
    if earlier.untold:
        return voice._("Cloudflare does not tell its IP Access rules right now. Please look again in some minutes.")
    return None


def not_seen(earlier: EarlierRules, voice: Voice) -> Markup | None:
    """Which optional right is missing: to be found, and no alarm."""
    if not earlier.missing_rights:
        return None
    return voice._(
        "Whether another rule at Cloudflare lets somebody past mine I cannot fully see: the token lacks {rights} (optional)."
    ).format(rights=quoted(earlier.missing_rights))


def security_rules(voice: Voice) -> Button:
    """The way to where they are deleted."""
    return Button(text=voice.label("Open Security rules"), url=_SECURITY_RULES)


def quoted(rights: tuple[str, ...]) -> Markup:
    """Rights in Cloudflare's words."""
    return Markup(", ").join(Markup("“{right}”").format(right=one) for one in rights)


def _who(rule: AllowRule, voice: Voice) -> Markup:
    who = voice.country(rule.value) if rule.target == "country" else rule.value
    notes = rule.notes if len(rule.notes) <= _LONGEST_NOTES else f"{rule.notes[:_LONGEST_NOTES]}…"
    said = Markup("{who} (“{notes}”)").format(who=who, notes=notes) if notes else Markup.escape(who)
    if rule.reach is Reach.ZONE:
        return said
    return voice._("{who}, in your whole account").format(who=said)
