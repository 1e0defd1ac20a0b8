"""Takes out of an environment what Latchkey never imports: ``python packaging/slim.py SITE_PACKAGES``.

The Cloudflare SDK brings a class for each of some thousand calls; the bot uses its client, which has the
authentication, the time-outs and the retries, and none of them. Babel brings 1,000 locales, and the bot speaks a few.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_LANGUAGES = ("en", "de", "es", "fr")
_INSTALLERS = ("pip", "setuptools", "pkg_resources", "_distutils_hack")


def superfluous(site: Path) -> Iterator[Path]:
    """What can go from a folder of packages."""
    cloudflare = site / "cloudflare"
    yield cloudflare / "resources"
    # ``types.shared`` has the one model that the client's errors carry.
    yield from (each for each in (cloudflare / "types").iterdir() if each.is_dir() and each.name != "shared")
    for locale in (site / "babel" / "locale-data").glob("*.dat"):
        if locale.stem != "root" and locale.stem.partition("_")[0] not in _LANGUAGES:
            yield locale
    for name in _INSTALLERS:
        yield site / name
        yield from site.glob(f"{name}-*.dist-info")
    yield site / "distutils-precedence.pth"


def main() -> None:
    """Remove it, and say how much is left."""
    site = Path(sys.argv[1])
    for path in list(superfluous(site)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    left = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    sys.stdout.write(f"{left / 2**20:.0f} MB left in {site}\n")


if __name__ == "__main__":
    main()
