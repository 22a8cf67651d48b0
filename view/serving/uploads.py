"""Files that visitors send: few and small, of each visitor and in all.

A page asks for one small file (``rules.py``), and Streamlit takes any number of a megabyte each
from whoever knows how its browser code sends them. It forgets them with the visit; until then the
newest few are kept.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from streamlit.runtime.uploaded_file_manager import UploadedFileRec

#: A preset file has at most 64 kB; this is with what a browser puts around it.
MOST_BYTES: Final = 128 * 1024
#: Files of one visit; the oldest give way.
MOST_FILES: Final = 4
#: Bytes and files of all visits together; beyond, a file is refused.
MOST_OF_ALL: Final = 32 * 2**20
MOST_FILES_OF_ALL: Final = 2_000
#: Files on their way at the same time, and seconds that one may take.
AT_ONCE: Final = 16
LONGEST: Final = 20.0
PATH: Final = "/_stcore/upload_file/"

_add_any: Final = MemoryUploadedFileManager.add_file


def _size(file: UploadedFileRec) -> int:
    return len(file.data) + len(file.name) + len(file.type)


def _add(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
    """Keep a file, and no more than a few of one visit."""
    mine = self.file_storage.get(session_id, {})
    for old in [*mine][: max(len(mine) - MOST_FILES + 1, 0)] if file.file_id not in mine else ():
        self.remove_file(session_id, old)
    kept = [one for visit in [*self.file_storage.values()] for one in [*visit.values()]]
    if len(kept) >= MOST_FILES_OF_ALL or sum(map(_size, kept)) + _size(file) > MOST_OF_ALL:
        raise HTTPException(503, "Too many files are kept already.")
    _add_any(self, session_id, file)


def install() -> None:
    """Bound what is kept, from now on."""
    MemoryUploadedFileManager.add_file = _add  # type: ignore[method-assign]


class Uploads:
    """Bound what is on its way: how much, how many at once, and for how long."""

    def __init__(self, app: ASGIApp, *, at_once: int = AT_ONCE, longest: float = LONGEST) -> None:
        self.app = app
        self.at_once, self.longest = at_once, longest
        self._on_their_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an upload on, or refuse it; pass on everything else."""
        path = str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))
        if scope["type"] != "http" or scope["method"] != "PUT" or not path.startswith(PATH):
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            await _refused(413)(scope, receive, send)
            return
        if self._on_their_way >= self.at_once:
            await _refused(503)(scope, receive, send)
            return
        got, begun = 0, False

        async def bounded() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > MOST_BYTES:
                raise HTTPException(413, "File too large")
            return message

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        self._on_their_way += 1
        try:
            async with asyncio.timeout(self.longest):
                await self.app(scope, bounded, sent)
        except TimeoutError:
            if not begun:
                await _refused(408)(scope, receive, send)
        finally:
            self._on_their_way -= 1


def _refused(status: int) -> Response:
    return Response("This file is not taken.\n", status, media_type="text/plain")
