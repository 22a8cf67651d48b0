"""The table of pages: shared by the server, which titles them, and the frame, which runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent


class PageEntry(NamedTuple):
    """One page. Its words are ``page.<id>.nav``, ``.title`` and ``.description``."""

    id: str
    path: str

    @property
    def script(self) -> Path:
        """The script, as an absolute path: a relative one breaks links opened cold."""
        return ROOT / "pages" / f"{self.id}.py"

    @property
    def url_path(self) -> str:
        """The path without its slash; empty for the page one lands on."""
        return self.path.removeprefix("/")


PAGES: Final = (
    PageEntry("check", "/"),
    PageEntry("money", "/money"),
    PageEntry("claims", "/claims"),
    PageEntry("teach", "/teach"),
    PageEntry("sources", "/sources"),
)
