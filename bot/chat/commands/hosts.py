"""/protect, /unprotect, and their second taps."""

from bot.chat.messages import hosts
from bot.chat.turn import Turn
from bot.model.host_results import SureAboutHosts
from bot.services import protecting
from bot.store.second_taps import SecondTap


async def protect(turn: Turn) -> None:
    """Lock the hosts behind the command; without one offer those there are. The worker says how far it is."""
    if not turn.words:
        await turn.say(hosts.choice(await protecting.offer(turn.parts, turn.actor, turn.cause), turn.voice))
        return
    result = await protecting.want_protected(turn.parts, turn.actor, turn.words, turn.cause)
    if isinstance(result, SureAboutHosts):
        await turn.say(hosts.sure_to_protect(result, turn.voice))


async def protect_pressed(turn: Turn) -> None:
    """Lock the host on the button."""
    await turn.answer()
    result = await protecting.want_protected(turn.parts, turn.actor, (_pressed_host(turn),), turn.cause)
    if isinstance(result, SureAboutHosts):
        await turn.say(hosts.sure_to_protect(result, turn.voice))


async def protect_sure(turn: Turn) -> None:
    """Lock them all the same."""
    await _confirm(turn, SecondTap.PROTECT)


async def unprotect(turn: Turn) -> None:
    """Ask once more before hosts are opened to everybody; without one offer those that are locked."""
    if not turn.words:
        await turn.say(hosts.choice_to_open(await protecting.protected_hosts(turn.parts), turn.voice))
        return
    result = await protecting.want_open(turn.parts, turn.actor, turn.words, turn.cause)
    await turn.say(hosts.sure_to_open(result, turn.voice))


async def unprotect_pressed(turn: Turn) -> None:
    """Ask once more before the host on the button is opened."""
    result = await protecting.want_open(turn.parts, turn.actor, (_pressed_host(turn),), turn.cause)
    await turn.say(hosts.sure_to_open(result, turn.voice))


async def unprotect_sure(turn: Turn) -> None:
    """Open them."""
    await _confirm(turn, SecondTap.UNPROTECT)


async def _confirm(turn: Turn, what: SecondTap) -> None:
    await protecting.confirm(turn.parts, turn.actor, what, turn.press.subject, turn.pressed, turn.cause)
    await turn.answer()


def _pressed_host(turn: Turn) -> str:
    return f"{turn.press.arg}.{turn.parts.policy.zone}"
