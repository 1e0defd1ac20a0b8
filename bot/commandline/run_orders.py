"""What the commands that order something of the lock share: the parts to do it with, and the time they take for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from bot.app import policy
from bot.clock import SystemClock
from bot.commandline.common import opened_store, read_settings
from bot.edge.client import CloudflareClient
from bot.edge.probe import Prober
from bot.edge.probe_mark import ProbeMark
from bot.edge.zone import CloudflareZone
from bot.errors import ChatBusy
from bot.model.certificates.certificates import Certificate
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice, Ready, ReadyOwnKey
from bot.model.people.people import Role
from bot.model.results import Password
from bot.services.context import AppContext
from bot.services.notifier import ChatFile
from bot.services.operator.run_jobs import carry_out
from bot.services.vault import Vault
from bot.settings import Settings
from bot.store.protection.rule_lock import RuleLock

WITHIN = timedelta(seconds=15)
_Told = TypeVar("_Told")


class NoCourier:
    """There is no way to a chat from here: what is to be told waits for the bot."""

    async def show(self, notice: Notice, to: int, at: MessageRef | None = None) -> MessageRef:
        """See ``Notifier.show``."""
        del notice, to, at
        raise ChatBusy(0)

    async def hand_over(
        self, notice: Ready | ReadyOwnKey, file: ChatFile, to: int, at: MessageRef | None
    ) -> MessageRef:
        """See ``Notifier.hand_over``."""
        del notice, file, to, at
        raise ChatBusy(0)

    async def open_slip(self, certificate: Certificate, to: int) -> MessageRef:
        """See ``Notifier.open_slip``."""
        del certificate, to
        raise ChatBusy(0)

    async def fill_slip(self, password: Password, at: MessageRef) -> None:
        """See ``Notifier.fill_slip``."""
        del password, at
        raise ChatBusy(0)

    async def set_menu(self, to: int, role: Role, language: str) -> None:
        """See ``Notifier.set_menu``."""
        del to, role, language
        raise ChatBusy(0)

    async def set_menu_of_everybody(self) -> None:
        """See ``Notifier.set_menu_of_everybody``."""
        raise ChatBusy(0)

    def menu_of(self, role: Role, language: str) -> str:
        """See ``Notifier.menu_of``."""
        del role, language
        return ""

    def menu_of_everybody(self) -> str:
        """See ``Notifier.menu_of_everybody``."""
        return ""

    async def remove(self, at: MessageRef) -> None:
        """See ``Notifier.remove``."""
        del at
        raise ChatBusy(0)


@asynccontextmanager
async def opened_parts(settings: Settings) -> AsyncIterator[AppContext]:
    """The parts, without a way to any chat.

    Raises:
        DatabaseWrong: the database cannot be used.
    """
    clock = SystemClock()
    async with opened_store(settings) as store:
        client = CloudflareClient(settings.cloudflare_token.get_secret_value(), settings.cloudflare_api, clock)
        try:
            yield AppContext(
                store=store,
                edge=CloudflareZone(client, settings.zone, clock),
                notifier=NoCourier(),
                clock=clock,
                vault=Vault(),
                policy=policy(settings),
                rule_lock=RuleLock(settings.database, clock),
                prober=Prober(mark=ProbeMark(settings.telegram_token.get_secret_value(), clock)),
            )
        finally:
            await client.close()


def ordered(
    order: Callable[[AppContext], Awaitable[_Told]], told: Callable[[AppContext, _Told], Awaitable[bool]]
) -> bool:
    """Give an order, do here what can be done of it now, and have told how it stands; answers whether it is done."""

    async def all_of_it() -> bool:
        async with opened_parts(read_settings()) as parts:
            result = await order(parts)
            await carry_out(parts, WITHIN)
            return await told(parts, result)

    return asyncio.run(all_of_it())
