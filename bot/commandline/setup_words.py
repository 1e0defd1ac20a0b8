"""Every word of ``latchkey setup``. Pure: what is known goes in, lines come out."""

from collections.abc import Iterator, Sequence

from bot.chat.messages.protection import earlier_rules
from bot.edge.zones import ZONE_RIGHT, SeenZone
from bot.model.protection.earlier_rules import EarlierRules

WELCOME = """\
Three things are asked for: the bot's token, a Cloudflare token, and the zone. Each is tried at once and then kept
in .env, which only you can read. Tokens are not shown as you type or paste them. Ctrl-C stops."""

TELEGRAM = """
1. The bot. In Telegram, write to @BotFather: /newbot. It gives you a token."""

CLOUDFLARE = """
2. The Cloudflare token. In Cloudflare: My Profile › API Tokens › Create Token › Custom token.
   Permissions:     Zone – SSL and Certificates – Edit
                    Zone – Zone WAF – Edit
                    Zone – Zone – Read
   Optional:        Zone – Firewall Services – Read, Zone – Transform Rules – Read and
                    Account – Account Firewall Access Rules – Read: rules that run before the lock are seen
                    Zone – DNS – Read: names are offered, and other names of a service are tried
   Zone Resources:  Include – Specific zone – yours, and no other"""

ZONE = """
3. The zone: your domain's name at Cloudflare."""

ASK_TELEGRAM = "Bot token"
ASK_CLOUDFLARE = "Cloudflare token"
ASK_ZONE = "Zone"
ASK_CLAIM = "Become an admin of your bot now?"

KEEPS = "Enter keeps the one that is there"
AGAIN = "Enter tries the same again"

BOT_LOOKS_WRONG = "That is no bot token: one looks like 123456789:AA…, 35 characters after the colon. Copy all of it."
BOT_REFUSED = "Telegram does not know this token: @BotFather shows the present one under /mybots › API Token."
ASK_WEBHOOK = "   End it, so that the messages come to Latchkey?"
WEBHOOK_STAYS = "Then please give Latchkey a bot of its own: write /newbot to @BotFather and paste its token here."
TELEGRAM_SILENT = "Telegram does not answer as it should: look at this machine's way to the internet, then try again."

CLOUDFLARE_LOOKS_WRONG = "That is no Cloudflare token: one has 40 or more letters, digits, - and _. Copy all of it."
GLOBAL_KEY = (
    "That is the Global API Key: it may do everything in your account. Please make a token, as above, and use that."
)
CLOUDFLARE_REFUSED = (
    "Cloudflare does not know this token, or it has ended: see My Profile › API Tokens. "
    f"(One that belongs to the account and lacks “{ZONE_RIGHT}” looks the same.)"
)
CLOUDFLARE_SILENT = "Cloudflare does not answer as it should: try again in some minutes."
SEES_NO_ZONE = (
    f"The token is good, but sees no zone: edit it under My Profile › API Tokens, add “{ZONE_RIGHT}” "
    "and, under Zone Resources, your zone."
)

STOPPED = "\nStopped. What was accepted so far is kept: latchkey setup goes on from there."
DONE = """
All set; what is in .env only you can read.
Start the bot:  latchkey run      Look over everything:  latchkey check"""
HAS_ADMIN = "The bot has an admin already, so nothing more is to be done here."
CLAIM_LATER = "Whenever you like: latchkey claim makes you an admin."


def bot_found(username: str) -> str:
    """The bot's token works."""
    return f"   ok: @{username}"


def webhook_found(username: str, host: str) -> str:
    """The bot's messages go elsewhere."""
    return (
        f"   Careful: the messages of @{username} go to a webhook, at {host}. As long as it is set, Latchkey hears\n"
        "   nothing. If another program of yours is there, it gets none any more once you end it."
    )


def zone_found(zone: SeenZone, used: int, quota: int) -> str:
    """The token may do in the zone what it must."""
    plan = f", {zone.plan}" if zone.plan else ""
    return f"   ok: {zone.name}{plan}, {used} of {quota} certificates in use"


def sees_more(zones: Sequence[SeenZone]) -> str:
    """A token for more than one zone."""
    return (
        f"   Careful: this token sees {len(zones)} zones ({_few(zones)}).\n"
        "   Whoever gets at this machine could change all of them. Safer is one for your zone alone:\n"
        "   Zone Resources › Include › Specific zone."
    )


def zone_not_seen(name: str, zones: Sequence[SeenZone]) -> str:
    """The zone that was named is none of those."""
    return f"The token does not see {name}. It sees: {_few(zones)}."


def zone_sleeps(name: str) -> str:
    """Cloudflare does not serve the zone."""
    return f"   Careful: {name} is not active at Cloudflare (yet): until it is, nothing there is protected."


def rights_missing(name: str, rights: Sequence[str]) -> str:
    """What the token lacks, and where to add it."""
    listed = "\n".join(f"     {right.replace(': ', ' – ')}" for right in rights)
    return (
        f"The token lacks, for {name}:\n{listed}\n"
        "   Add it: My Profile › API Tokens › … beside the token › Edit. The token itself stays the same."
    )


def earlier(rules: EarlierRules) -> Iterator[str]:
    """What runs before the lock's rule; nothing where all is seen and nothing is there."""
    if rules.allows:
        listed = "\n".join(f"     {earlier_rules.plainly(one)}" for one in rules.allows)
        yield (
            f"   Careful: IP Access rules with Allow let somebody in without a certificate, whatever the lock says:\n"
            f"{listed}\n   Delete them in Cloudflare: Security › Security rules."
        )
    if rules.rewrites:
        names = ", ".join(one.name for one in rules.rewrites)
        yield (
            f"   Careful: URL rewrites change addresses before the lock's rule sees them: {names}.\n"
            "   Let them leave the locked hosts alone (Cloudflare: Rules)."
        )
    if rules.cut:
        yield "   Careful: there are more IP Access rules than I read. Look for Allow among them (Security rules)."
    if rules.missing_rights:
        listed = "\n".join(f"     {right.replace(': ', ' – ')}" for right in rules.missing_rights)
        yield f"   Not seen: whether other rules let somebody past the lock. Optional rights would tell:\n{listed}"
    if rules.untold:
        yield "   Not seen: whether other rules let somebody past the lock. latchkey check looks again."


def set_elsewhere(names: Sequence[str]) -> str:
    """Variables of the environment that go before ``.env``."""
    return f"Careful: {', '.join(names)} is also set in the environment, and that goes first. Please change it there."


def _few(zones: Sequence[SeenZone], most: int = 5) -> str:
    names = [zone.name for zone in zones]
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
