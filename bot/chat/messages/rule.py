"""Our rule at Cloudflare, for admins: what is not as it should be, and what mends it."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.press import Press, Verb
from bot.model.rule_notices import MoreThanFit, RuleChanged, RuleStuck
from bot.model.rule_state import Difference


def changed(notice: RuleChanged, voice: Voice) -> Message:
    """Somebody else changed the rule or the hosts."""
    what = lines(*(_difference(one, notice, voice) for one in notice.differences))
    rows = ((Button(text=voice.label("Put back"), press=Press(Verb.PUT_BACK), look="primary"),),)
    if notice.times:
        return Message(html=_keeps_changing(notice, what, voice), rows=() if notice.put_back else rows)
    if notice.put_back:
        return Message(
            html=paragraphs(
                voice._("Somebody changed Latchkey's lock at Cloudflare, and not through me:"),
                what,
                voice._("I am putting it back now. Please look who has access to your Cloudflare account."),
                _stays_behind(voice) if Difference.SKIPPED in notice.differences else None,
            )
        )
    return Message(
        html=paragraphs(
            voice._("Latchkey's lock at Cloudflare is not as I left it:"),
            what,
            voice._("<b>Put back</b> makes it as it was; the rules of others stay as they are."),
        ),
        rows=rows,
    )


def _stays_behind(voice: Voice) -> Markup:
    return voice._(
        "My rule goes back to the top, and that rule stays as it is, behind mine. To let something in without a certificate, use /openpath."
    )


def _keeps_changing(notice: RuleChanged, what: Markup, voice: Voice) -> Markup:
    """The same for the third time in a day: whose work it looks like, and how it is ended."""
    put_back = voice._(
        "I put it back every time, but it can take me up to five minutes. If it goes on, I'll say so once a day."
    )
    tap = voice._("<b>Put back</b> makes it as it was, until the next time.")
    return paragraphs(
        voice.many(
            "<b>Something keeps changing Latchkey's lock at Cloudflare</b>, {n} time in the last 24 hours:",
            "<b>Something keeps changing Latchkey's lock at Cloudflare</b>, {n} times in the last 24 hours:",
            notice.times,
        ),
        what,
        voice._(
            "That looks like a program that manages all custom rules of the zone and undoes what it doesn't know. Terraform does that with <code>cloudflare_ruleset</code>, every time it is applied."
        ),
        voice._(
            "Please stop it, or teach it to leave my rule alone. In Terraform, <code>ignore_changes = [rules]</code> in that resource's <code>lifecycle</code> block does it. If it isn't Terraform, Cloudflare's audit log shows who it was (Manage Account, Audit Log)."
        ),
        put_back if notice.put_back else tap,
    )


def _difference(one: Difference, notice: RuleChanged, voice: Voice) -> Markup:
    words = {
        Difference.MISSING: voice._("• The block rule was deleted: without it everybody gets in."),
        Difference.DISABLED: voice._("• The block rule was switched off: without it everybody gets in."),
        Difference.ENABLED: voice._("• The block rule was switched on, although it is unlocked on purpose."),
        Difference.EDITED: voice._("• The block rule was edited: what it lets in is not what I wrote."),
        Difference.NOT_FIRST: voice._("• The block rule does not come first any more."),
        Difference.SKIPPED: voice._("• A rule above it skips it for some requests: {rules}."),
        Difference.NOT_ASSOCIATED: voice._(
            "• Cloudflare does not ask for a certificate at {hosts} any more: everybody is turned away there."
        ),
    }
    return words[one].format(rules=", ".join(notice.skips[:3]), hosts=named(notice.hosts, voice))


def stuck(notice: RuleStuck, voice: Voice) -> Message:
    """The rule cannot be written until somebody does something."""
    words: dict[str, Callable[[], Markup]] = {
        "RuleQuotaFull": lambda: voice.many(
            "The zone's plan takes no further custom rule, there is {n} already. Please delete it if you do not need it (Cloudflare: Security, Security rules).",
            "The zone's plan takes no further custom rule, there are {n} already. Please delete one you do not need (Cloudflare: Security, Security rules).",
            notice.rules,
        ),
        "MissingRight": lambda: voice._("The Cloudflare token lacks the right “{right}”. Please add it.").format(
            right=notice.right
        ),
        "HostsNotTaken": lambda: voice._(
            "Cloudflare does not ask for a certificate at {hosts}, although I told it to, so I leave that out of the rule. Please look whether the name is proxied."
        ).format(hosts=named(notice.hosts, voice)),
    }
    refused = voice._("Cloudflare refuses it. The log has more; please ask whoever runs Latchkey.")
    return Message(
        html=paragraphs(
            voice._("I could not write the block rule as it should be now."),
            words[notice.why]() if notice.why in words else refused,
            voice._("I keep trying."),
        )
    )


def more_than_fit(notice: MoreThanFit, voice: Voice) -> Message:
    """More revocations than the rule takes."""
    return Message(
        html=voice.many(
            "<b>{n} revoked certificate does not fit into the block rule</b>, and Cloudflare has not confirmed it yet: it may still get in. /lockdown closes everything until it has.",
            "<b>{n} revoked certificates do not fit into the block rule</b>, and Cloudflare has not confirmed them yet: they may still get in. /lockdown closes everything until it has.",
            notice.count,
        )
    )


def put_back(voice: Voice) -> str:
    """The toast under *Put back*."""
    return voice.label("Putting it back…")
