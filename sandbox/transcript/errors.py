"""What can be wrong with a transcript, or with what it tells of."""


class TranscriptError(Exception):
    """A line that cannot be read, cannot be done, or did not come true; ``line`` counts from 1."""

    def __init__(self, line: int, reason: str, source: str = "") -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.source = source

    def __str__(self) -> str:
        return f"{self.source or 'transcript'}:{self.line}: {self.reason}"


class CannotDoError(Exception):
    """An action that is not possible now, or went otherwise than the transcript says."""
