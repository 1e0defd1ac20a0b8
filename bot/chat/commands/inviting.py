"""/invite: a contact, or a link."""

from bot.chat.messages import inviting
from bot.chat.turn import Turn
from bot.model.people import Account
from bot.services import inviting as invitations


async def invite(turn: Turn) -> None:
    """Make a link for the name behind the command; without one ask whom."""
    name = " ".join(turn.words)
    if not name:
        await ask(turn)
        return
    result = await invitations.make_link(turn.parts, turn.actor, name, turn.cause)
    await turn.say(inviting.invitation(result, turn.bot.username, turn.voice))


async def ask(turn: Turn) -> None:
    """Ask whom."""
    await turn.answer()
    await turn.say(inviting.whom(await invitations.ask_whom(turn.parts, turn.actor, turn.cause), turn.voice))


async def picked(turn: Turn, accounts: tuple[Account, ...]) -> None:
    """A contact was picked."""
    for account in accounts:
        result = await invitations.invite(turn.parts, turn.actor, account, turn.cause)
        await turn.say(inviting.invited(result, turn.bot.username, turn.voice))
