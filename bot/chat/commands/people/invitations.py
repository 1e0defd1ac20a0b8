"""/invite: a contact, or a link."""

from bot.chat.context import RequestContext
from bot.chat.messages.people import invitations as people_invitations
from bot.model.people.people import Account
from bot.services.people import invitations


async def invite(context: RequestContext) -> None:
    """Make a link for the name behind the command; without one ask whom."""
    name = " ".join(context.words)
    if not name:
        await ask(context)
        return
    result = await invitations.make_link(context.app, context.actor, name, context.cause)
    await context.say(people_invitations.invitation(result, context.bot.username, context.locale))


async def ask(context: RequestContext) -> None:
    """Ask whom."""
    await context.answer()
    await context.say(
        people_invitations.whom(await invitations.ask_whom(context.app, context.actor, context.cause), context.locale)
    )


async def picked(context: RequestContext, accounts: tuple[Account, ...]) -> None:
    """A contact was picked."""
    for account in accounts:
        result = await invitations.invite(context.app, context.actor, account, context.cause)
        await context.say(people_invitations.invited(result, context.bot.username, context.locale))
