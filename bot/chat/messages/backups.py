"""A restored backup, for admins: who waits for their look, and what the backup did not know."""

from collections.abc import Iterator

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.backups import BackupRestored, Differences, Unfrozen

_MOST_NAMED = 5
_LONGEST_NAME = 50
_MOST_BUTTONS = 20


def restored(notice: BackupRestored, voice: Voice) -> Message:
    """The one message about all of it."""
    frozen = notice.frozen
    differences = tuple(_differences(notice.differences, voice))
    return Message(
        html=paragraphs(
            voice._(
                "<b>A backup was restored</b>, made {made}. Whatever waited then is void: requests, invitations, Undos, messages on their way."
            ).format(made=voice.clock(notice.made_at)),
            lines(voice._("What it did not know:"), *differences) if differences else None,
            None if differences else voice._("Cloudflare knows nothing that it did not know."),
            _frozen_list(notice, voice) if frozen else None,
            None if frozen else voice._("Nobody is frozen for that. /people shows everybody."),
        ),
        rows=_buttons(notice, voice),
    )


def unfrozen(result: Unfrozen, voice: Voice) -> Message:
    """All of them are back."""
    return Message(
        html=voice._("Lifted the freeze of {names}. /people shows everybody.").format(names=_some(result.names, voice))
    )


def _frozen_list(notice: BackupRestored, voice: Voice) -> Markup:
    return voice.many(
        "<b>Frozen until you have looked: {n}.</b> Who belongs here still? Their devices go on working. Tap somebody to decide about them, or <b>Unfreeze all</b>.",
        "<b>Frozen until you have looked: {n}.</b> Who belongs here still? Their devices go on working. Tap somebody to decide about them, or <b>Unfreeze all</b>.",
        len(notice.frozen),
    )


def _buttons(notice: BackupRestored, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    if not notice.frozen:
        return ()
    everybody = (Button(text=voice.label("Unfreeze all"), press=Press(Verb.UNFREEZE_ALL), look="primary"),)
    people = tuple(
        (Button(text=f"❄️ {one.name} ({one.devices})", press=Press(Verb.PERSON, one.public_id)),)
        for one in notice.frozen[:_MOST_BUTTONS]
    )
    return (everybody, *people)


def _differences(found: Differences, voice: Voice) -> Iterator[Markup]:
    told = (
        (
            found.revoked,
            voice.many(
                "• Revoked since, and so it stays: {names}.",
                "• Revoked since, and so it stays: {names}.",
                len(found.revoked),
                names=_some(found.revoked, voice),
            ),
        ),
        (
            found.revoked_again,
            voice.many(
                "• Active at Cloudflare although revoked here, so revoked again: {names}.",
                "• Active at Cloudflare although revoked here, so revoked again: {names}.",
                len(found.revoked_again),
                names=_some(found.revoked_again, voice),
            ),
        ),
        (
            found.linked,
            voice.many(
                "• On its way then, found at Cloudflare and taken up again: {names}.",
                "• On its way then, found at Cloudflare and taken up again: {names}.",
                len(found.linked),
                names=_some(found.linked, voice),
            ),
        ),
        (
            found.unknown,
            voice.many(
                "• ⚠️ Live at Cloudflare with a mark of mine, and I do not know whose it is: {names}. /status gives it an owner, or revokes it.",
                "• ⚠️ Live at Cloudflare with a mark of mine, and I do not know whose they are: {names}. /status gives them an owner, or revokes them.",
                len(found.unknown),
                names=_some(found.unknown, voice),
            ),
        ),
        (
            found.unmarked,
            voice.many(
                "• ⚠️ Live at Cloudflare under a name of its own, and I do not know whose it is: {names}. /status gives it an owner, or revokes it.",
                "• ⚠️ Live at Cloudflare under names of their own, and I do not know whose they are: {names}. /status gives them an owner, or revokes them.",
                len(found.unmarked),
                names=_some(found.unmarked, voice),
            ),
        ),
        (
            found.missing,
            voice.many(
                "• ⚠️ Cloudflare has no such certificate any more: {names}. Revoke it here.",
                "• ⚠️ Cloudflare has no such certificate any more: {names}. Revoke them here.",
                len(found.missing),
                names=_some(found.missing, voice),
            ),
        ),
        (
            found.paths_closed,
            voice.many(
                "• Open path closed: {names}. /openpath opens it again.",
                "• Open paths closed: {names}. /openpath opens one again.",
                len(found.paths_closed),
                names=_some(found.paths_closed, voice),
            ),
        ),
        (
            found.paths_unknown,
            voice.many(
                "• Open at Cloudflare, unknown to the backup, and closed now: {names}.",
                "• Open at Cloudflare, unknown to the backup, and closed now: {names}.",
                len(found.paths_unknown),
                names=_some(found.paths_unknown, voice),
            ),
        ),
        (
            found.hosts_kept,
            voice.many(
                "• Protected since, and so it stays: {names}.",
                "• Protected since, and so it stays: {names}.",
                len(found.hosts_kept),
                names=_some(found.hosts_kept, voice),
            ),
        ),
        (
            found.hosts_locked,
            voice.many(
                "• Not protected at Cloudflare, and locked again now: {names}.",
                "• Not protected at Cloudflare, and locked again now: {names}.",
                len(found.hosts_locked),
                names=_some(found.hosts_locked, voice),
            ),
        ),
    )
    yield from (words for names, words in told if names)
    if found.turned_away:
        yield voice._("• The rule turns away certificates nobody here knows, and goes on with it: {count}.").format(
            count=voice.number(found.turned_away)
        )
    if found.nobody_gets_in:
        yield voice._("• Everybody is turned away by a lockdown, and so it stays. /lockdown off ends it.")


def _some(names: tuple[str, ...], voice: Voice) -> Markup:
    shown = (name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…" for name in names[:_MOST_NAMED])
    listed = Markup(", ").join(shown)
    more = len(names) - _MOST_NAMED
    return listed if more <= 0 else voice.many("{names} and {n} more", "{names} and {n} more", more, names=listed)
