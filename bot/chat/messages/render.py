"""From a notice to its message."""

from collections.abc import Callable
from typing import Any

from bot.chat.messages import backups
from bot.chat.messages.certificates import (
    enrolment,
    issue,
    never_opened,
    revoke,
    support,
    unmanaged,
)
from bot.chat.messages.certificates import (
    renewal as certificates_renewal,
)
from bot.chat.messages.lost_devices import report
from bot.chat.messages.message import Locale, Message
from bot.chat.messages.openings import paths
from bot.chat.messages.people import changes, greetings, operator_changes, own_requests, request_cards
from bot.chat.messages.proofs import report as proofs_report
from bot.chat.messages.protection import earlier_rules, hosts, lockdown, rule, takeover
from bot.chat.messages.status import blocked_requests
from bot.chat.messages.status import report as status_report
from bot.model import host_notices, household_notices, notices
from bot.model.backups import BackupRestored
from bot.model.certificates import renewal
from bot.model.lost_devices import LossCard
from bot.model.openings import notices as openings_notices
from bot.model.people import request_notices
from bot.model.people.changes import PersonChanged
from bot.model.proofs import proofs
from bot.model.protection import rule_notices
from bot.model.status import blocked_requests as knock_notices
from bot.model.status import status as status_words

_RENDER: dict[type[notices.Notice], Callable[[Any, Locale], Message]] = {
    notices.Making: issue.making,
    notices.Ready: issue.ready,
    notices.ReadyOwnKey: issue.ready_own_key,
    notices.NotMade: issue.not_made,
    notices.PerhapsArrived: issue.perhaps_arrived,
    notices.Revoking: revoke.revoking,
    notices.Revoked: revoke.revoked,
    notices.RevokeStuck: revoke.revoke_stuck,
    notices.Restoring: revoke.restoring,
    notices.Restored: revoke.restored,
    notices.RestoreRefused: revoke.restore_refused,
    notices.Forgotten: never_opened.forgotten,
    notices.NeverOpened: never_opened.never_opened,
    notices.Tidied: revoke.tidied,
    notices.TakenByAnother: revoke.taken_by_another,
    notices.FoundActive: revoke.found_active,
    notices.IssuedWithoutTap: issue.issued_without_tap,
    notices.HelpWanted: support.wanted,
    notices.StepsAgain: support.steps_again,
    request_notices.RequestCard: request_cards.card,
    request_notices.RequestWaiting: own_requests.waiting,
    request_notices.YouAreIn: enrolment.you_are_in,
    request_notices.SaidYes: own_requests.said_yes,
    request_notices.SaidNo: own_requests.said_no,
    request_notices.NobodyDecided: own_requests.nobody_decided,
    request_notices.PermissionLapsed: own_requests.permission_lapsed,
    request_notices.Reminded: request_cards.reminder,
    rule_notices.RuleChanged: rule.changed,
    rule_notices.RuleStuck: rule.stuck,
    rule_notices.MoreThanFit: rule.more_than_fit,
    rule_notices.AllowFound: earlier_rules.found,
    rule_notices.CannotSeeAllows: earlier_rules.cannot_see,
    host_notices.HostsProgress: hosts.progress,
    host_notices.LockdownNow: lockdown.now,
    host_notices.TakeOverNow: takeover.now,
    openings_notices.PathCard: paths.card,
    openings_notices.PathMoved: paths.moved,
    openings_notices.PathEnding: paths.ending,
    openings_notices.PathStillNeeded: paths.still_needed,
    openings_notices.PathNotProlonged: paths.not_prolonged,
    proofs.ProofReport: proofs_report.report,
    proofs.ProofRed: proofs_report.red,
    status_words.StatusReport: status_report.report,
    status_words.BeingMended: lambda _notice, voice: status_report.being_mended(voice),
    status_words.UnknownCertificates: unmanaged.card,
    status_words.Adopted: unmanaged.adopted,
    status_words.NotAdopted: unmanaged.not_adopted,
    renewal.RenewalDue: certificates_renewal.due,
    knock_notices.BlockedRequests: blocked_requests.listed,
    renewal.Digest: certificates_renewal.digest,
    notices.DoneOnServer: operator_changes.done_on_server,
    PersonChanged: changes.changed,
    LossCard: report.card,
    BackupRestored: backups.restored,
    household_notices.CannotReach: lambda notice, voice: greetings.cannot_reach(notice.name, voice),
    household_notices.LooksLike: changes.looks_like,
    household_notices.PoisonUpdate: lambda notice, voice: greetings.poison(notice.update_id, notice.error_id, voice),
    household_notices.TwoPollers: lambda _notice, voice: greetings.two_pollers(voice),
    household_notices.WebhookSet: lambda notice, voice: greetings.webhook_set(notice.host, voice),
}


def render(notice: notices.Notice, locale: Locale) -> Message:
    """The message for a notice."""
    return _RENDER[type(notice)](notice, locale)
