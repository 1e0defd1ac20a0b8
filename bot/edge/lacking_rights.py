"""Which rights Cloudflare said the token lacks, until a call shows that they are there."""

from collections.abc import Callable


class LackingRights:
    """Calls ``on_back`` with the right when the first call that needs it succeeds after one that was refused.

    Reading and writing are kept apart: a token that may read *SSL and Certificates* may not revoke yet.
    """

    def __init__(self) -> None:
        self.on_back: Callable[[str], None] | None = None
        self._lacking: set[tuple[str, bool]] = set()

    def lacks(self, right: str, *, writing: bool) -> None:
        """A call was refused for want of ``right``."""
        self._lacking.add((right, writing))

    def has(self, right: str, *, writing: bool) -> None:
        """A call that needs ``right`` was answered for itself."""
        if (right, writing) in self._lacking:
            self._lacking.discard((right, writing))
            if self.on_back is not None:
                self.on_back(right)
