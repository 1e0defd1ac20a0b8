"""What the worker does for each kind of chore.

Each is a function of parts and chore that may be run again at any point: it looks at the rows first, and does
what is still missing. It returns when the chore is done and raises ``RetryAt`` when it is to be tried again.
"""

from collections.abc import Awaitable, Callable

from bot.model.jobs import Job, JobKind
from bot.services.backups.reconcile_job import check_restored
from bot.services.certificates.clean_up_job import delete, expire
from bot.services.certificates.deliver_job import deliver
from bot.services.certificates.issue_job import issue
from bot.services.certificates.restore_job import restore
from bot.services.certificates.revoke_job import revoke, watch_revocation
from bot.services.certificates.unmanaged_job import adopt, look_at_unknown, revoke_unknown
from bot.services.context import AppContext
from bot.services.jobs.menu_job import menu
from bot.services.jobs.notice_job import edit, notice
from bot.services.openings.jobs import end, open_path, remind
from bot.services.proofs.path_trial import try_path
from bot.services.proofs.probe_job import probe
from bot.services.proofs.prove_job import prove_lock
from bot.services.protection.rule_jobs import watch_rule, write_rule
from bot.services.protection.takeover_job import take_over
from bot.services.status.blocked_requests_job import list_blocked
from bot.services.status.status_job import status

DOES: dict[JobKind, Callable[[AppContext, Job], Awaitable[None]]] = {
    JobKind.ISSUE: issue,
    JobKind.DELIVER: deliver,
    JobKind.REVOKE: revoke,
    JobKind.WATCH_REVOCATION: watch_revocation,
    JobKind.RESTORE: restore,
    JobKind.WRITE_RULE: write_rule,
    JobKind.WATCH_RULE: watch_rule,
    JobKind.NOTICE: notice,
    JobKind.EDIT: edit,
    JobKind.DELETE: delete,
    JobKind.EXPIRE: expire,
    JobKind.OPEN_PATH: open_path,
    JobKind.TRY_PATH: try_path,
    JobKind.REMIND_PATH: remind,
    JobKind.END_PATH: end,
    JobKind.MENU: menu,
    JobKind.TAKE_OVER: take_over,
    JobKind.PROBE: probe,
    JobKind.PROVE: prove_lock,
    JobKind.CHECK_RESTORED: check_restored,
    JobKind.STATUS: status,
    JobKind.LIST_BLOCKED: list_blocked,
    JobKind.LOOK_AT_UNKNOWN: look_at_unknown,
    JobKind.ADOPT: adopt,
    JobKind.REVOKE_UNKNOWN: revoke_unknown,
}
