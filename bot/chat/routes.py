"""Which command and which button does what, and who may: the one table that the gate reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.commands import (
    backups,
    coming,
    devices,
    greetings,
    guides,
    helping,
    hosts,
    inviting,
    knocks,
    language,
    lockdown,
    lost,
    newcert,
    own_keys,
    paths,
    people,
    proving,
    record,
    renewing,
    rule,
    status,
    take_over,
    time_zone,
    wizard,
)
from bot.chat.press import Verb
from bot.chat.turn import Turn
from bot.model.access import Action


@dataclass(frozen=True)
class Route:
    """``gives``: it hands something out, so it is not done when it was asked for while the bot was away."""

    handler: Callable[[Turn], Awaitable[None]]
    action: Action
    gives: bool = False


COMMANDS: dict[str, Route] = {
    "start": Route(greetings.start, Action.BE_GREETED),
    "help": Route(greetings.help_, Action.LOOK),
    "language": Route(language.language, Action.LOOK),
    "timezone": Route(time_zone.timezone, Action.LOOK),
    "whoami": Route(greetings.whoami, Action.BE_GREETED),
    "cancel": Route(greetings.cancel, Action.LOOK),
    "newcert": Route(newcert.newcert, Action.WANT, gives=True),
    "invite": Route(inviting.invite, Action.ADMINISTER, gives=True),
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
    "audit": Route(record.audit, Action.ADMINISTER),
    "prove": Route(proving.prove, Action.ADMINISTER),
    "blocked": Route(knocks.blocked, Action.ADMINISTER),
    "status": Route(status.status, Action.ADMINISTER),
}

VERBS: dict[Verb, Route] = {
    Verb.PASSWORD: Route(newcert.password, Action.HANDLE_FILE, gives=True),
    Verb.PASSWORD_POPUP: Route(newcert.password_popup, Action.HANDLE_FILE, gives=True),
    Verb.HIDE: Route(newcert.hide, Action.LOOK),
    Verb.WORKS: Route(newcert.works, Action.HANDLE_FILE),
    Verb.DOES_NOT: Route(helping.does_not, Action.HANDLE_FILE),
    Verb.PAGE: Route(devices.page, Action.LOOK),
    Verb.CARD: Route(devices.card, Action.LOOK),
    Verb.REVOKE: Route(devices.revoke_pressed, Action.REVOKE),
    Verb.UNDO: Route(devices.undo, Action.RESTORE, gives=True),
    Verb.AGAIN: Route(newcert.again, Action.HANDLE_FILE, gives=True),
    Verb.CANCEL: Route(greetings.cancel, Action.LOOK),
    Verb.VALIDITY: Route(newcert.validity, Action.WANT, gives=True),
    Verb.REQUEST_PLACE: Route(own_keys.place, Action.WANT),
    Verb.RECORD: Route(record.page, Action.ADMINISTER),
    Verb.RECORD_PEOPLE: Route(record.people, Action.ADMINISTER),
    Verb.RECORD_FILE: Route(record.file, Action.ADMINISTER),
    Verb.LANGUAGE: Route(language.choose, Action.LOOK),
    Verb.RENEW: Route(renewing.renew, Action.HANDLE_FILE, gives=True),
    Verb.REMIND_ON: Route(renewing.remind_on, Action.LOOK),
    # Coming in, and what admins decide.
    Verb.ASK: Route(coming.ask, Action.ASK_TO_COME_IN, gives=True),
    Verb.WITHDRAW: Route(coming.withdraw, Action.BE_GREETED),
    Verb.REMIND: Route(coming.remind, Action.BE_GREETED),
    Verb.ASK_AGAIN: Route(coming.ask_again, Action.BE_GREETED, gives=True),
    Verb.LET_IN: Route(coming.let_in, Action.ADMINISTER, gives=True),
    Verb.DENY: Route(coming.deny, Action.ADMINISTER),
    Verb.BLOCK: Route(coming.block, Action.ADMINISTER),
    Verb.TRUST_ASKER: Route(coming.trust_asker, Action.ADMINISTER, gives=True),
    Verb.INVITE: Route(inviting.ask, Action.ADMINISTER, gives=True),
    # The way to a key that was allowed.
    Verb.RESUME: Route(wizard.resume, Action.WANT),
    Verb.LATER: Route(wizard.later, Action.WANT),
    Verb.COMPUTER: Route(wizard.computer, Action.WANT),
    Verb.HOLD: Route(wizard.hold, Action.WANT),
    Verb.CALL_IT: Route(wizard.call_it, Action.WANT),
    Verb.OTHER_NAME: Route(wizard.other_name, Action.WANT),
    Verb.VIA: Route(wizard.via, Action.WANT),
    Verb.GET: Route(wizard.get, Action.WANT, gives=True),
    # A phone is lost: none of it gives, so all of it is done at any age.
    Verb.LOST: Route(lost.device, Action.REPORT),
    Verb.LOST_ALL: Route(lost.everything, Action.REPORT),
    Verb.LOST_WHO: Route(lost.whose, Action.REPORT_OTHERS),
    Verb.LOST_OF: Route(lost.of_person, Action.REPORT_OTHERS),
    Verb.LAST_HELD: Route(lost.last_held, Action.REPORT),
    Verb.TICK: Route(lost.tick, Action.REPORT),
    Verb.THE_REST: Route(lost.the_rest, Action.REPORT),
    Verb.NOT_ON_IT: Route(lost.not_on_it, Action.ADMINISTER, gives=True),
    Verb.STAYS: Route(lost.stays, Action.ADMINISTER),
    Verb.DISPUTE: Route(lost.dispute, Action.REPORT),
    # Everybody, and what admins change about them.
    Verb.PEOPLE: Route(people.page, Action.ADMINISTER),
    Verb.PERSON: Route(people.person, Action.ADMINISTER),
    Verb.TRUST: Route(people.trust, Action.ADMINISTER, gives=True),
    Verb.LIMIT: Route(people.limit, Action.ADMINISTER, gives=True),
    Verb.ENDS: Route(people.ends, Action.ADMINISTER, gives=True),
    Verb.MAKE_ADMIN: Route(people.make_admin, Action.MAKE_ADMINS, gives=True),
    Verb.FREEZE: Route(people.freeze, Action.ADMINISTER),
    Verb.UNFREEZE: Route(people.unfreeze, Action.ADMINISTER, gives=True),
    Verb.UNFREEZE_ALL: Route(backups.unfreeze_all, Action.ADMINISTER, gives=True),
    Verb.OUT: Route(people.out, Action.ADMINISTER),
    Verb.OUT_SURE: Route(people.out_sure, Action.ADMINISTER),
    Verb.TAKE_BACK: Route(people.take_back, Action.ADMINISTER, gives=True),
    # It does not work.
    Verb.SEES: Route(helping.sees, Action.HANDLE_FILE),
    Verb.HELP: Route(helping.ask, Action.HANDLE_FILE),
    Verb.HELP_STEPS: Route(helping.send_steps, Action.ADMINISTER),
    Verb.HELP_NEW: Route(helping.send_new, Action.ADMINISTER, gives=True),
    # Guides.
    Verb.GUIDE: Route(guides.open_beside, Action.LOOK),
    Verb.GUIDE_SCREEN: Route(guides.turn_to, Action.LOOK),
    Verb.PUT_BACK: Route(rule.put_back, Action.ADMINISTER),
    # Hosts.
    Verb.PROTECT: Route(hosts.protect_pressed, Action.ADMINISTER, gives=True),
    Verb.PROTECT_SURE: Route(hosts.protect_sure, Action.ADMINISTER, gives=True),
    Verb.UNPROTECT: Route(hosts.unprotect_pressed, Action.ADMINISTER, gives=True),
    Verb.UNPROTECT_SURE: Route(hosts.unprotect_sure, Action.ADMINISTER, gives=True),
    Verb.TAKE_OVER: Route(take_over.show, Action.ADMINISTER),
    Verb.TAKE_OVER_SURE: Route(take_over.sure, Action.ADMINISTER, gives=True),
    Verb.TAKE_OVER_UNDO: Route(take_over.undo, Action.ADMINISTER, gives=True),
    Verb.BLOCK_EVERYTHING: Route(lockdown.everything, Action.ADMINISTER),
    Verb.END_LOCKDOWN: Route(lockdown.end, Action.ADMINISTER, gives=True),
    # Open paths.
    Verb.PATH: Route(paths.card, Action.ADMINISTER),
    Verb.PATH_CONFIRM: Route(paths.confirm, Action.ADMINISTER, gives=True),
    Verb.PATH_LONGER: Route(paths.longer, Action.ADMINISTER, gives=True),
    Verb.PATH_CLOSE: Route(paths.close, Action.ADMINISTER),
    Verb.PATH_LET_CLOSE: Route(paths.card, Action.ADMINISTER),
    Verb.PATH_KEEP: Route(paths.keep, Action.ADMINISTER),
    Verb.PATH_TRY: Route(paths.try_now, Action.ADMINISTER, gives=True),
    # How everything is.
    Verb.PROVE: Route(proving.again, Action.ADMINISTER),
    Verb.BLOCKED: Route(knocks.again, Action.ADMINISTER),
    Verb.STATUS: Route(status.again, Action.ADMINISTER),
    Verb.MEND: Route(status.mend, Action.ADMINISTER),
    Verb.COMMAND: Route(status.command, Action.ADMINISTER),
    Verb.CARD_BESIDE: Route(status.card, Action.ADMINISTER),
    Verb.UNKNOWN: Route(status.unknown, Action.ADMINISTER),
    Verb.ADOPT: Route(status.adopt, Action.ADMINISTER, gives=True),
    Verb.REVOKE_UNKNOWN: Route(status.revoke_unknown, Action.ADMINISTER),
}

TEXT = Route(greetings.plain_text, Action.BE_GREETED, gives=True)
FILE = Action.LOOK
PICKED = Action.ADMINISTER

FOR_OUTSIDERS = frozenset({Action.BE_GREETED, Action.ASK_TO_COME_IN})
"""What strangers and guests reach; everything else of theirs is a knock."""
