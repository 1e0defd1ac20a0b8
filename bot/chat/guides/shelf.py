"""Where the guides stand: a folder a language beside this file, English complete."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

from bot.chat.guides.reading import Guide, read
from bot.chat.languages import language_of
from bot.model.certificates.certificates import DeviceKind

COMPLETE: Final = "en"

ORDER: Final = (
    "iphone",
    "android",
    "windows",
    "macos",
    "linux",
    "other",
    "own-key",
    "renewal",
    "home-assistant",
    "immich",
    "nextcloud",
    "paperless",
    "bitwarden",
    "jellyfin",
    "gotify",
    "ntfy",
    "other-apps",
    "way-around",
    "limits",
)
"""Every guide there is, in the order in which they are offered."""

OF_KIND: Final = {kind: kind.value for kind in DeviceKind}
"""The guide for each kind of device."""


@lru_cache(maxsize=8)
def guides(language: str) -> dict[str, Guide]:
    """All guides in a language; those not yet in it, or all where it is not known, in English.

    Raises:
        ValueError: a file is not as ``reading`` says.
    """
    language = language_of(language)
    folder = files(__package__) / language
    complete = guides(COMPLETE) if language != COMPLETE else {}
    found: dict[str, Guide] = {}
    for slug in ORDER:
        file = folder / f"{slug}.md"
        found[slug] = complete[slug] if complete and not file.is_file() else read(slug, file.read_text("utf-8"))
    return found
