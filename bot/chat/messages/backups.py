"""A restored backup, for admins: who waits for their look, and what the backup did not know."""

from collections.abc import Iterator

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.backups import BackupRestored, Differences, Unfrozen

_MAX_NAMED = 5
_LONGEST_NAME = 50
_MAX_BUTTONS = 20


def restored(notice: BackupRestored, locale: Locale) -> Message:
    """The one message about all of it."""
    frozen = notice.frozen
    differences = tuple(_differences(notice.differences, locale))
    return Message(
        html=paragraphs(
            locale._(
                "<b>A backup was restored</b>, made {made}. Whatever waited then is void: requests, invitations, Undos, messages on their way."
            ).format(made=locale.clock(notice.made_at)),
            lines(locale._("What it did not know:"), *differences) if differences else None,
            None if differences else locale._("Cloudflare knows nothing that it did not know."),
            _frozen_list(notice, locale) if frozen else None,
            None if frozen else locale._("Nobody is frozen for that. /people shows everybody."),
        ),
        rows=_buttons(notice, locale),
    )


def unfrozen(result: Unfrozen, locale: Locale) -> Message:
    """All of them are back."""
    return Message(
        html=locale._("Lifted the freeze of {names}. /people shows everybody.").format(
            names=_some(result.names, locale)
        )
    )


def _frozen_list(notice: BackupRestored, locale: Locale) -> Markup:
    return locale.many(
        "<b>Frozen until you have looked: {n}.</b> Who belongs here still? Their devices go on working. Tap somebody to decide about them, or <b>Unfreeze all</b>.",
        "<b>Frozen until you have looked: {n}.</b> Who belongs here still? Their devices go on working. Tap somebody to decide about them, or <b>Unfreeze all</b>.",
        len(notice.frozen),
    )


def _buttons(notice: BackupRestored, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    if not notice.frozen:
        return ()
    everybody = (
        Button(text=locale.label("Unfreeze all"), callback=CallbackData(CallbackAction.UNFREEZE_ALL), look="primary"),
    )
    people = tuple(
        (Button(text=f"❄️ {one.name} ({one.devices})", callback=CallbackData(CallbackAction.PERSON, one.public_id)),)
        for one in notice.frozen[:_MAX_BUTTONS]
    )
    return (everybody, *people)


def _differences(found: Differences, locale: Locale) -> Iterator[Markup]:
    told = (
        (
            found.revoked,
            locale.many(
                "• Revoked since, and so it stays: {names}.",
                "• Revoked since, and so it stays: {names}.",
                len(found.revoked),
                names=_some(found.revoked, locale),
            ),
        ),
        (
            found.revoked_again,
            locale.many(
                "• Active at Cloudflare although revoked here, so revoked again: {names}.",
                "• Active at Cloudflare although revoked here, so revoked again: {names}.",
                len(found.revoked_again),
                names=_some(found.revoked_again, locale),
            ),
        ),
        (
            found.linked,
            locale.many(
                "• On its way then, found at Cloudflare and taken up again: {names}.",
                "• On its way then, found at Cloudflare and taken up again: {names}.",
                len(found.linked),
                names=_some(found.linked, locale),
            ),
        ),
        (
            found.unknown,
            locale.many(
                "• ⚠️ Live at Cloudflare with a mark of mine, and I do not know whose it is: {names}. /status gives it an owner, or revokes it.",
                "• ⚠️ Live at Cloudflare with a mark of mine, and I do not know whose they are: {names}. /status gives them an owner, or revokes them.",
                len(found.unknown),
                names=_some(found.unknown, locale),
            ),
        ),
        (
            found.unmarked,
            locale.many(
                "• ⚠️ Live at Cloudflare under a name of its own, and I do not know whose it is: {names}. /status gives it an owner, or revokes it.",
                "• ⚠️ Live at Cloudflare under names of their own, and I do not know whose they are: {names}. /status gives them an owner, or revokes them.",
                len(found.unmarked),
                names=_some(found.unmarked, locale),
            ),
        ),
        (
            found.missing,
            locale.many(
                "• ⚠️ Cloudflare has no such certificate any more: {names}. Revoke it here.",
                "• ⚠️ Cloudflare has no such certificate any more: {names}. Revoke them here.",
                len(found.missing),
                names=_some(found.missing, locale),
            ),
        ),
        (
            found.paths_closed,
            locale.many(
                "• Open path closed: {names}. /openpath opens it again.",
                "• Open paths closed: {names}. /openpath opens one again.",
                len(found.paths_closed),
                names=_some(found.paths_closed, locale),
            ),
        ),
        (
            found.paths_unknown,
            locale.many(
                "• Open at Cloudflare, unknown to the backup, and closed now: {names}.",
                "• Open at Cloudflare, unknown to the backup, and closed now: {names}.",
                len(found.paths_unknown),
                names=_some(found.paths_unknown, locale),
            ),
        ),
        (
            found.hosts_kept,
            locale.many(
                "• Protected since, and so it stays: {names}.",
                "• Protected since, and so it stays: {names}.",
                len(found.hosts_kept),
                names=_some(found.hosts_kept, locale),
            ),
        ),
        (
            found.hosts_locked,
            locale.many(
                "• Not protected at Cloudflare, and locked again now: {names}.",
                "• Not protected at Cloudflare, and locked again now: {names}.",
                len(found.hosts_locked),
                names=_some(found.hosts_locked, locale),
            ),
        ),
    )
    yield from (words for names, words in told if names)
    if found.turned_away:
        yield locale._("• The rule turns away certificates nobody here knows, and goes on with it: {count}.").format(
            count=locale.number(found.turned_away)
        )
    if found.nobody_gets_in:
        yield locale._("• Everybody is turned away by a lockdown, and so it stays. /lockdown off ends it.")


def _some(names: tuple[str, ...], locale: Locale) -> Markup:
    shown = (name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…" for name in names[:_MAX_NAMED])
    listed = Markup(", ").join(shown)
    more = len(names) - _MAX_NAMED
    return listed if more <= 0 else locale.many("{names} and {n} more", "{names} and {n} more", more, names=listed)
