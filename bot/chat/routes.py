"""Which command and which button does what, and who may: the one table that the gate reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.callback_data import CallbackAction
from bot.chat.commands import audit, backups, blocked, guides, lost, paths, prove, status
from bot.chat.commands.certificates import devices, enrolment, newcert, own_keys, renewal, support
from bot.chat.commands.people import greetings, invitations, people, preferences, requests
from bot.chat.commands.protection import hosts, lockdown, rule, takeover
from bot.chat.context import RequestContext
from bot.model.people.access import Action


@dataclass(frozen=True)
class Route:
    """``gives``: it hands something out, so it is not done when it was asked for while the bot was away."""

    handler: Callable[[RequestContext], Awaitable[None]]
    action: Action
    gives: bool = False


COMMANDS: dict[str, Route] = {
    "start": Route(greetings.start, Action.BE_GREETED),
    "help": Route(greetings.help_, Action.LOOK),
    "language": Route(preferences.language, Action.LOOK),
    "timezone": Route(preferences.timezone, Action.LOOK),
    "whoami": Route(greetings.whoami, Action.BE_GREETED),
    "cancel": Route(greetings.cancel, Action.LOOK),
    "newcert": Route(newcert.newcert, Action.WANT, gives=True),
    "invite": Route(invitations.invite, Action.ADMINISTER, gives=True),
    "openpath": Route(paths.openpath, Action.ADMINISTER, gives=True),
    "paths": Route(paths.paths, Action.ADMINISTER),
    "guide": Route(guides.guide, Action.LOOK),
    "certs": Route(devices.certs, Action.LOOK),
    "devices": Route(devices.certs, Action.LOOK),
    "revoke": Route(devices.revoke, Action.REVOKE),
    "protect": Route(hosts.protect, Action.ADMINISTER, gives=True),
    "lockdown": Route(lockdown.lockdown, Action.ADMINISTER),
    "unprotect": Route(hosts.unprotect, Action.ADMINISTER, gives=True),
    "lost": Route(lost.lost, Action.REPORT),
    "people": Route(people.people, Action.ADMINISTER),
    "audit": Route(audit.audit, Action.ADMINISTER),
    "prove": Route(prove.prove, Action.ADMINISTER),
    "blocked": Route(blocked.blocked, Action.ADMINISTER),
    "status": Route(status.status, Action.ADMINISTER),
}

VERBS: dict[CallbackAction, Route] = {
    CallbackAction.PASSWORD: Route(newcert.password, Action.HANDLE_FILE, gives=True),
    CallbackAction.PASSWORD_POPUP: Route(newcert.password_popup, Action.HANDLE_FILE, gives=True),
    CallbackAction.HIDE: Route(newcert.hide, Action.LOOK),
    CallbackAction.WORKS: Route(newcert.confirm_installed, Action.HANDLE_FILE),
    CallbackAction.DOES_NOT: Route(support.does_not, Action.HANDLE_FILE),
    CallbackAction.PAGE: Route(devices.page, Action.LOOK),
    CallbackAction.CARD: Route(devices.card, Action.LOOK),
    CallbackAction.REVOKE: Route(devices.revoke_pressed, Action.REVOKE),
    CallbackAction.UNDO: Route(devices.undo, Action.RESTORE, gives=True),
    CallbackAction.AGAIN: Route(newcert.reissue, Action.HANDLE_FILE, gives=True),
    CallbackAction.CANCEL: Route(greetings.cancel, Action.LOOK),
    CallbackAction.VALIDITY: Route(newcert.validity, Action.WANT, gives=True),
    CallbackAction.REQUEST_PLACE: Route(own_keys.place, Action.WANT),
    CallbackAction.RECORD: Route(audit.page, Action.ADMINISTER),
    CallbackAction.RECORD_PEOPLE: Route(audit.people, Action.ADMINISTER),
    CallbackAction.RECORD_FILE: Route(audit.file, Action.ADMINISTER),
    CallbackAction.LANGUAGE: Route(preferences.choose_language, Action.LOOK),
    CallbackAction.RENEW: Route(renewal.renew, Action.HANDLE_FILE, gives=True),
    CallbackAction.REMIND_ON: Route(renewal.remind_on, Action.LOOK),
    # Coming in, and what admins decide.
    CallbackAction.ASK: Route(requests.ask, Action.ASK_TO_COME_IN, gives=True),
    CallbackAction.WITHDRAW: Route(requests.withdraw, Action.BE_GREETED),
    CallbackAction.REMIND: Route(requests.remind, Action.BE_GREETED),
    CallbackAction.ASK_AGAIN: Route(requests.ask_again, Action.BE_GREETED, gives=True),
    CallbackAction.LET_IN: Route(requests.let_in, Action.ADMINISTER, gives=True),
    CallbackAction.DENY: Route(requests.deny, Action.ADMINISTER),
    CallbackAction.BLOCK: Route(requests.block, Action.ADMINISTER),
    CallbackAction.TRUST_ASKER: Route(requests.trust_asker, Action.ADMINISTER, gives=True),
    CallbackAction.INVITE: Route(invitations.ask, Action.ADMINISTER, gives=True),
    # The way to a key that was allowed.
    CallbackAction.RESUME: Route(enrolment.resume, Action.WANT),
    CallbackAction.LATER: Route(enrolment.later, Action.WANT),
    CallbackAction.COMPUTER: Route(enrolment.computer, Action.WANT),
    CallbackAction.HOLD: Route(enrolment.hold, Action.WANT),
    CallbackAction.CALL_IT: Route(enrolment.call_it, Action.WANT),
    CallbackAction.OTHER_NAME: Route(enrolment.other_name, Action.WANT),
    CallbackAction.VIA: Route(enrolment.via, Action.WANT),
    CallbackAction.GET: Route(enrolment.get, Action.WANT, gives=True),
    # A phone is lost: none of it gives, so all of it is done at any age.
    CallbackAction.LOST: Route(lost.device, Action.REPORT),
    CallbackAction.LOST_ALL: Route(lost.everything, Action.REPORT),
    CallbackAction.LOST_WHO: Route(lost.whose, Action.REPORT_OTHERS),
    CallbackAction.LOST_OF: Route(lost.of_person, Action.REPORT_OTHERS),
    CallbackAction.LAST_HELD: Route(lost.last_held, Action.REPORT),
    CallbackAction.TICK: Route(lost.tick, Action.REPORT),
    CallbackAction.THE_REST: Route(lost.revoke_remaining, Action.REPORT),
    CallbackAction.NOT_ON_IT: Route(lost.telegram_was_not_on_it, Action.ADMINISTER, gives=True),
    CallbackAction.STAYS: Route(lost.stays, Action.ADMINISTER),
    CallbackAction.DISPUTE: Route(lost.dispute, Action.REPORT),
    # Everybody, and what admins change about them.
    CallbackAction.PEOPLE: Route(people.page, Action.ADMINISTER),
    CallbackAction.PERSON: Route(people.person, Action.ADMINISTER),
    CallbackAction.TRUST: Route(people.trust, Action.ADMINISTER, gives=True),
    CallbackAction.LIMIT: Route(people.limit, Action.ADMINISTER, gives=True),
    CallbackAction.ENDS: Route(people.ends, Action.ADMINISTER, gives=True),
    CallbackAction.MAKE_ADMIN: Route(people.make_admin, Action.MAKE_ADMINS, gives=True),
    CallbackAction.FREEZE: Route(people.freeze, Action.ADMINISTER),
    CallbackAction.UNFREEZE: Route(people.unfreeze, Action.ADMINISTER, gives=True),
    CallbackAction.UNFREEZE_ALL: Route(backups.unfreeze_all, Action.ADMINISTER, gives=True),
    CallbackAction.OUT: Route(people.out, Action.ADMINISTER),
    CallbackAction.OUT_SURE: Route(people.out_sure, Action.ADMINISTER),
    CallbackAction.TAKE_BACK: Route(people.take_back, Action.ADMINISTER, gives=True),
    # It does not work.
    CallbackAction.SEES: Route(support.sees, Action.HANDLE_FILE),
    CallbackAction.HELP: Route(support.ask, Action.HANDLE_FILE),
    CallbackAction.HELP_STEPS: Route(support.send_steps, Action.ADMINISTER),
    CallbackAction.HELP_NEW: Route(support.send_new, Action.ADMINISTER, gives=True),
    # Guides.
    CallbackAction.GUIDE: Route(guides.open_beside, Action.LOOK),
    CallbackAction.GUIDE_SCREEN: Route(guides.turn_to, Action.LOOK),
    CallbackAction.PUT_BACK: Route(rule.put_back, Action.ADMINISTER),
    # Hosts.
    CallbackAction.PROTECT: Route(hosts.protect_pressed, Action.ADMINISTER, gives=True),
    CallbackAction.PROTECT_SURE: Route(hosts.protect_sure, Action.ADMINISTER, gives=True),
    CallbackAction.UNPROTECT: Route(hosts.unprotect_pressed, Action.ADMINISTER, gives=True),
    CallbackAction.UNPROTECT_SURE: Route(hosts.unprotect_sure, Action.ADMINISTER, gives=True),
    CallbackAction.TAKE_OVER: Route(takeover.show, Action.ADMINISTER),
    CallbackAction.TAKE_OVER_SURE: Route(takeover.sure, Action.ADMINISTER, gives=True),
    CallbackAction.TAKE_OVER_UNDO: Route(takeover.undo, Action.ADMINISTER, gives=True),
    CallbackAction.BLOCK_EVERYTHING: Route(lockdown.everything, Action.ADMINISTER),
    CallbackAction.END_LOCKDOWN: Route(lockdown.end, Action.ADMINISTER, gives=True),
    # Open paths.
    CallbackAction.PATH: Route(paths.card, Action.ADMINISTER),
    CallbackAction.PATH_CONFIRM: Route(paths.confirm, Action.ADMINISTER, gives=True),
    CallbackAction.PATH_LONGER: Route(paths.longer, Action.ADMINISTER, gives=True),
    CallbackAction.PATH_CLOSE: Route(paths.close, Action.ADMINISTER),
    CallbackAction.PATH_LET_CLOSE: Route(paths.card, Action.ADMINISTER),
    CallbackAction.PATH_KEEP: Route(paths.keep, Action.ADMINISTER),
    CallbackAction.PATH_TRY: Route(paths.try_now, Action.ADMINISTER, gives=True),
    # How everything is.
    CallbackAction.PROVE: Route(prove.again, Action.ADMINISTER),
    CallbackAction.BLOCKED: Route(blocked.again, Action.ADMINISTER),
    CallbackAction.STATUS: Route(status.again, Action.ADMINISTER),
    CallbackAction.MEND: Route(status.mend, Action.ADMINISTER),
    CallbackAction.COMMAND: Route(status.command, Action.ADMINISTER),
    CallbackAction.CARD_BESIDE: Route(status.card, Action.ADMINISTER),
    CallbackAction.UNKNOWN: Route(status.unknown, Action.ADMINISTER),
    CallbackAction.ADOPT: Route(status.adopt, Action.ADMINISTER, gives=True),
    CallbackAction.REVOKE_UNKNOWN: Route(status.revoke_unknown, Action.ADMINISTER),
}

TEXT = Route(greetings.plain_text, Action.BE_GREETED, gives=True)
FILE = Action.LOOK
PICKED = Action.ADMINISTER

FOR_OUTSIDERS = frozenset({Action.BE_GREETED, Action.ASK_TO_COME_IN})
"""What strangers and guests reach; everything else of theirs is a knock."""
