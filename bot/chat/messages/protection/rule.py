"""Our rule at Cloudflare, for admins: what is not as it should be, and what mends it."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.model.protection.rule_notices import MoreThanFit, RuleChanged, RuleStuck
from bot.model.protection.rule_state import Drift


def changed(notice: RuleChanged, locale: Locale) -> Message:
    """Somebody else changed the rule or the hosts."""
    what = lines(*(_difference(one, notice, locale) for one in notice.differences))
    rows = ((Button(text=locale.label("Put back"), callback=CallbackData(CallbackAction.PUT_BACK), look="primary"),),)
    if notice.times:
        return Message(html=_keeps_changing(notice, what, locale), rows=() if notice.put_back else rows)
    if notice.put_back:
        return Message(
            html=paragraphs(
                locale._("Somebody changed Latchkey's lock at Cloudflare, and not through me:"),
                what,
                locale._("I am putting it back now. Please look who has access to your Cloudflare account."),
                _stays_behind(locale) if Drift.SKIPPED in notice.differences else None,
            )
        )
    return Message(
        html=paragraphs(
            locale._("Latchkey's lock at Cloudflare is not as I left it:"),
            what,
            locale._("<b>Put back</b> makes it as it was; the rules of others stay as they are."),
        ),
        rows=rows,
    )


def _stays_behind(locale: Locale) -> Markup:
    return locale._(
        "My rule goes back to the top, and that rule stays as it is, behind mine. To let something in without a certificate, use /openpath."
    )


def _keeps_changing(notice: RuleChanged, what: Markup, locale: Locale) -> Markup:
    """The same for the third time in a day: whose work it looks like, and how it is ended."""
    put_back = locale._(
        "I put it back every time, but it can take me up to five minutes. If it goes on, I'll say so once a day."
    )
    tap = locale._("<b>Put back</b> makes it as it was, until the next time.")
    return paragraphs(
        locale.many(
            "<b>Something keeps changing Latchkey's lock at Cloudflare</b>, {n} time in the last 24 hours:",
            "<b>Something keeps changing Latchkey's lock at Cloudflare</b>, {n} times in the last 24 hours:",
            notice.times,
        ),
        what,
        locale._(
            "That looks like a program that manages all custom rules of the zone and undoes what it doesn't know. Terraform does that with <code>cloudflare_ruleset</code>, every time it is applied."
        ),
        locale._(
            "Please stop it, or teach it to leave my rule alone. In Terraform, <code>ignore_changes = [rules]</code> in that resource's <code>lifecycle</code> block does it. If it isn't Terraform, Cloudflare's audit log shows who it was (Manage Account, Audit Log)."
        ),
        put_back if notice.put_back else tap,
    )


def _difference(one: Drift, notice: RuleChanged, locale: Locale) -> Markup:
    words = {
        Drift.MISSING: locale._("• The block rule was deleted: without it everybody gets in."),
        Drift.DISABLED: locale._("• The block rule was switched off: without it everybody gets in."),
        Drift.ENABLED: locale._("• The block rule was switched on, although it is unlocked on purpose."),
        Drift.EDITED: locale._("• The block rule was edited: what it lets in is not what I wrote."),
        Drift.NOT_FIRST: locale._("• The block rule does not come first any more."),
        Drift.SKIPPED: locale._("• A rule above it skips it for some requests: {rules}."),
        Drift.NOT_ASSOCIATED: locale._(
            "• Cloudflare does not ask for a certificate at {hosts} any more: everybody is turned away there."
        ),
    }
    return words[one].format(rules=", ".join(notice.skips[:3]), hosts=named(notice.hosts, locale))


def stuck(notice: RuleStuck, locale: Locale) -> Message:
    """The rule cannot be written until somebody does something."""
    words: dict[str, Callable[[], Markup]] = {
        "RuleQuotaFull": lambda: locale.many(
            "The zone's plan takes no further custom rule, there is {n} already. Please delete it if you do not need it (Cloudflare: Security, Security rules).",
            "The zone's plan takes no further custom rule, there are {n} already. Please delete one you do not need (Cloudflare: Security, Security rules).",
            notice.rules,
        ),
        "MissingRight": lambda: locale._("The Cloudflare token lacks the right “{right}”. Please add it.").format(
            right=notice.right
        ),
        "HostsNotTaken": lambda: locale._(
            "Cloudflare does not ask for a certificate at {hosts}, although I told it to, so I leave that out of the rule. Please look whether the name is proxied."
        ).format(hosts=named(notice.hosts, locale)),
    }
    refused = locale._("Cloudflare refuses it. The log has more; please ask whoever runs Latchkey.")
    return Message(
        html=paragraphs(
            locale._("I could not write the block rule as it should be now."),
            words[notice.why]() if notice.why in words else refused,
            locale._("I keep trying."),
        )
    )


def more_than_fit(notice: MoreThanFit, locale: Locale) -> Message:
    """More revocations than the rule takes."""
    return Message(
        html=locale.many(
            "<b>{n} revoked certificate does not fit into the block rule</b>, and Cloudflare has not confirmed it yet: it may still get in. /lockdown closes everything until it has.",
            "<b>{n} revoked certificates do not fit into the block rule</b>, and Cloudflare has not confirmed them yet: they may still get in. /lockdown closes everything until it has.",
            notice.count,
        )
    )


def put_back(locale: Locale) -> str:
    """The toast under *Put back*."""
    return locale.label("Putting it back…")
