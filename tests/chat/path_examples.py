"""Examples of what is told about open paths, for the tests of words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model.openings.notices import (
    PathCard,
    PathEnding,
    PathMove,
    PathMoved,
    PathNotice,
    PathNotProlonged,
    PathStillNeeded,
)
from bot.model.openings.paths import OpenPath, PathEnd, PathState, PathTry
from bot.model.proofs.probe_results import Verdict
from bot.model.public_id import PublicId
from tests.chat.proof_examples import proofs

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def a_path(state: PathState, hostile: str, end: PathEnd | None = None, tried: PathTry | None = None) -> OpenPath:
    """A path in that state, as long and as odd as paths get."""
    return OpenPath(
        id=1,
        public_id=PublicId("path0000"),
        state=state,
        host="ha.example.com",
        path="/api/webhook/" + "x" * 200,
        query="token=" + "y" * 100,
        method="POST",
        networks=("192.0.2.0/24", "2001:db8::/32"),
        reason=hostile,
        lasting=False,
        opened_by=1,
        opened_at=AT,
        closes_at=AT + timedelta(hours=2),
        asked_until=None,
        written_until=AT,
        moved_by=None,
        closed_at=AT if end else None,
        closed_by=1 if end else None,
        end=end,
        tried=tried,
        kept_at=None,
    )


def path_notices(hostile: str) -> list[PathNotice]:
    """Each notice in each state."""
    tries = [None, *(PathTry(verdict, status) for verdict in Verdict for status in (None, 200, 404, 403))]
    paths = [a_path(state, hostile) for state in PathState]
    paths += [a_path(PathState.OPEN, hostile, tried=tried) for tried in tries]
    paths += [a_path(state, hostile, end) for state in (PathState.CLOSED, PathState.REFUSED) for end in PathEnd]
    paths += [replace(path, lasting=True, method=None, networks=()) for path in paths]
    return [
        *(
            PathCard(path, hostile, own=own, late=late, seen=seen)
            for path in paths
            for own in (True, False)
            for late in (True, False)
            for seen in (True, False)
        ),
        *(
            PathCard(a_path(PathState.OPEN, hostile), hostile, own=True, late=False, seen=True, proof=proof)
            for proof in proofs(hostile)[::13]
            if proof.kind == "path"
        ),
        PathCard(a_path(PathState.OPEN, hostile), hostile, own=True, late=False, seen=True, detours=True),
        *(PathMoved(path, what, by) for path in paths for what in PathMove for by in ("", hostile)),
        *(kind(path) for path in paths for kind in (PathEnding, PathStillNeeded, PathNotProlonged)),
    ]
