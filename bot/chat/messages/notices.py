"""From a notice to its message."""

from collections.abc import Callable
from typing import Any

from bot.chat.messages import (
    asking,
    backups,
    changes,
    earlier_rules,
    greetings,
    helping,
    hosts,
    issuing,
    knocks,
    lockdown,
    loss,
    paths,
    proving,
    renewing,
    requests,
    revoking,
    rule,
    server,
    status,
    take_over,
    unknown,
    unopened,
    wizard,
)
from bot.chat.messages.form import Message, Voice
from bot.model import (
    host_notices,
    household_notices,
    notices,
    path_notices,
    proofs,
    renewal,
    request_notices,
    rule_notices,
)
from bot.model import knocks as knock_notices
from bot.model import status as status_words
from bot.model.backups import BackupRestored
from bot.model.changes import PersonChanged
from bot.model.losses import LossCard

_RENDER: dict[type[notices.Notice], Callable[[Any, Voice], Message]] = {
    notices.Making: issuing.making,
    notices.Ready: issuing.ready,
    notices.ReadyOwnKey: issuing.ready_own_key,
    notices.NotMade: issuing.not_made,
    notices.PerhapsArrived: issuing.perhaps_arrived,
    notices.Revoking: revoking.revoking,
    notices.Revoked: revoking.revoked,
    notices.RevokeStuck: revoking.revoke_stuck,
    notices.Restoring: revoking.restoring,
    notices.Restored: revoking.restored,
    notices.RestoreRefused: revoking.restore_refused,
    notices.Forgotten: unopened.forgotten,
    notices.NeverOpened: unopened.never_opened,
    notices.Tidied: revoking.tidied,
    notices.TakenByAnother: revoking.taken_by_another,
    notices.FoundActive: revoking.found_active,
    notices.IssuedWithoutTap: issuing.issued_without_tap,
    notices.HelpWanted: helping.wanted,
    notices.StepsAgain: helping.steps_again,
    request_notices.RequestCard: requests.card,
    request_notices.RequestWaiting: asking.waiting,
    request_notices.YouAreIn: wizard.you_are_in,
    request_notices.SaidYes: asking.said_yes,
    request_notices.SaidNo: asking.said_no,
    request_notices.NobodyDecided: asking.nobody_decided,
    request_notices.PermissionLapsed: asking.permission_lapsed,
    request_notices.Reminded: requests.reminder,
    rule_notices.RuleChanged: rule.changed,
    rule_notices.RuleStuck: rule.stuck,
    rule_notices.MoreThanFit: rule.more_than_fit,
    rule_notices.AllowFound: earlier_rules.found,
    rule_notices.CannotSeeAllows: earlier_rules.cannot_see,
    host_notices.HostsProgress: hosts.progress,
    host_notices.LockdownNow: lockdown.now,
    host_notices.TakeOverNow: take_over.now,
    path_notices.PathCard: paths.card,
    path_notices.PathMoved: paths.moved,
    path_notices.PathEnding: paths.ending,
    path_notices.PathStillNeeded: paths.still_needed,
    path_notices.PathNotProlonged: paths.not_prolonged,
    proofs.ProofReport: proving.report,
    proofs.ProofRed: proving.red,
    status_words.StatusReport: status.report,
    status_words.BeingMended: lambda _notice, voice: status.being_mended(voice),
    status_words.UnknownCertificates: unknown.card,
    status_words.Adopted: unknown.adopted,
    status_words.NotAdopted: unknown.not_adopted,
    renewal.RenewalDue: renewing.due,
    knock_notices.Knocks: knocks.listed,
    renewal.Digest: renewing.digest,
    notices.DoneOnServer: server.done_on_server,
    PersonChanged: changes.changed,
    LossCard: loss.card,
    BackupRestored: backups.restored,
    household_notices.CannotReach: lambda notice, voice: greetings.cannot_reach(notice.name, voice),
    household_notices.LooksLike: changes.looks_like,
    household_notices.PoisonUpdate: lambda notice, voice: greetings.poison(notice.update_id, notice.error_id, voice),
    household_notices.TwoPollers: lambda _notice, voice: greetings.two_pollers(voice),
    household_notices.WebhookSet: lambda notice, voice: greetings.webhook_set(notice.host, voice),
}


def render(notice: notices.Notice, voice: Voice) -> Message:
    """The message for a notice."""
    return _RENDER[type(notice)](notice, voice)
