"""What the worker does for each kind of chore.

Each is a function of parts and chore that may be run again at any point: it looks at the rows first, and does
what is still missing. It returns when the chore is done and raises ``RetryAt`` when it is to be tried again.
"""

from collections.abc import Awaitable, Callable

from bot.model.chores import Chore, ChoreKind
from bot.services.chores.deliver import deliver
from bot.services.chores.issue import issue
from bot.services.chores.menu import menu
from bot.services.chores.paths import end, open_path, remind, try_path
from bot.services.chores.probe import probe
from bot.services.chores.prove import prove_lock
from bot.services.chores.restore import restore
from bot.services.chores.restored import check_restored
from bot.services.chores.revoke import revoke, watch_revocation
from bot.services.chores.rule import watch_rule, write_rule
from bot.services.chores.status import status
from bot.services.chores.take_over import take_over
from bot.services.chores.telling import edit, notice
from bot.services.chores.tidy import delete, expire
from bot.services.chores.unknown import adopt, look_at_unknown, revoke_unknown
from bot.services.parts import Parts

DOES: dict[ChoreKind, Callable[[Parts, Chore], Awaitable[None]]] = {
    ChoreKind.ISSUE: issue,
    ChoreKind.DELIVER: deliver,
    ChoreKind.REVOKE: revoke,
    ChoreKind.WATCH_REVOCATION: watch_revocation,
    ChoreKind.RESTORE: restore,
    ChoreKind.WRITE_RULE: write_rule,
    ChoreKind.WATCH_RULE: watch_rule,
    ChoreKind.NOTICE: notice,
    ChoreKind.EDIT: edit,
    ChoreKind.DELETE: delete,
    ChoreKind.EXPIRE: expire,
    ChoreKind.OPEN_PATH: open_path,
    ChoreKind.TRY_PATH: try_path,
    ChoreKind.REMIND_PATH: remind,
    ChoreKind.END_PATH: end,
    ChoreKind.MENU: menu,
    ChoreKind.TAKE_OVER: take_over,
    ChoreKind.PROBE: probe,
    ChoreKind.PROVE: prove_lock,
    ChoreKind.CHECK_RESTORED: check_restored,
    ChoreKind.STATUS: status,
    ChoreKind.LOOK_AT_UNKNOWN: look_at_unknown,
    ChoreKind.ADOPT: adopt,
    ChoreKind.REVOKE_UNKNOWN: revoke_unknown,
}
