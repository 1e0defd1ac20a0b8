"""From a stored notice to the notice as things are now: the chore keeps ids, the reader looks at the rows.

A reader answers ``None`` when what was to be told has been overtaken. Each family has its own table.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.notices import Notice
from bot.services.backups import notices
from bot.services.certificates import notices as certificates_notices
from bot.services.certificates import renewal_notices
from bot.services.context import AppContext
from bot.services.jobs import household_notices
from bot.services.lost_devices import notices as lost_devices_notices
from bot.services.membership import notices as membership_notices
from bot.services.openings import notices as openings_notices
from bot.services.operator import notices as operator_notices
from bot.services.people import request_notices
from bot.services.proofs import notices as proofs_notices
from bot.services.protection import notices as protection_notices
from bot.services.protection import rule_notices

Payload = dict[str, Any]
Reader = Callable[[AppContext, int, Payload], Awaitable[Notice | None]]

READERS: dict[str, Reader] = {
    **notices.READERS,
    **certificates_notices.READERS,
    **protection_notices.READERS,
    **household_notices.READERS,
    **lost_devices_notices.READERS,
    **openings_notices.READERS,
    **membership_notices.READERS,
    **proofs_notices.READERS,
    **renewal_notices.READERS,
    **request_notices.READERS,
    **rule_notices.READERS,
    **operator_notices.READERS,
}


async def read_notice(app: AppContext, to: int, payload: Payload) -> Notice | None:
    """The notice that ``payload`` stands for, for the account ``to``."""
    return await READERS[payload["notice"]](app, to, payload)
