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
    return voice._(
        "<b>Frozen until you have looked: {count}.</b> Who belongs here still? Their devices go on working. Tap somebody to decide about them, or <b>Unfreeze all</b>."
    ).format(count=len(notice.frozen))


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
        (found.revoked, voice._("• Revoked since, and so it stays: {names}.")),
        (found.revoked_again, voice._("• Active at Cloudflare although revoked here, so revoked again: {names}.")),
        (found.linked, voice._("• On its way then, found at Cloudflare and taken up again: {names}.")),
        (
            found.unknown,
            voice._(
                "• ⚠️ Live at Cloudflare with a mark of mine, and I do not know whose they are: {names}. /status gives them an owner, or revokes them."
            ),
        ),
        (found.missing, voice._("• ⚠️ Cloudflare has no such certificate any more: {names}. Revoke them here.")),
        (found.paths_closed, voice._("• Open paths closed: {names}. /openpath opens one again.")),
        (found.paths_unknown, voice._("• Open at Cloudflare, unknown to the backup, and closed now: {names}.")),
        (found.hosts_kept, voice._("• Protected since, and so it stays: {names}.")),
        (found.hosts_locked, voice._("• Not protected at Cloudflare, and locked again now: {names}.")),
    )
    for names, words in told:
        if names:
            yield words.format(names=_some(names, voice))
    if found.turned_away:
        yield voice._("• The rule turns away certificates nobody here knows, and goes on with it: {count}.").format(
            count=found.turned_away
        )
    if found.nobody_gets_in:
        yield voice._("• Everybody is turned away by a lockdown, and so it stays. /lockdown off ends it.")


def _some(names: tuple[str, ...], voice: Voice) -> Markup:
    shown = (name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…" for name in names[:_MOST_NAMED])
    listed = Markup(", ").join(shown)
    more = len(names) - _MOST_NAMED
    return listed if more <= 0 else voice._("{names} and {more} more").format(names=listed, more=more)
