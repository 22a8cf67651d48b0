"""A phone in a class room without a browser: it keeps its cookies and sends forms."""

from __future__ import annotations

import http.client
import secrets
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    cookies: tuple[str, ...]
    text: str


class Pupil:
    """One browser's worth of cookies."""

    def __init__(self, server: str, *, patience: float = 30.0) -> None:
        self.host, self.patience = urlsplit(server).netloc, patience
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def ask(
        self,
        path: str,
        form: dict[str, object] | None = None,
        *,
        script: bool = True,
        headers: dict[str, str] | None = None,
        method: str | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """GET, or POST where there is a ``form``. Raises OSError where nobody answers."""
        told = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if script:
            told["X-Room"] = "1"
        if form is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form).encode()
        told |= headers or {}
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection(self.host, timeout=self.patience)
            self._line.request(method or ("GET" if form is None else "POST"), path, body, told)
            came = self._line.getresponse()
            text = came.read().decode()
        except (http.client.HTTPException, OSError) as error:
            self._line = None
            raise OSError(str(error)) from error
        set_ = tuple(v for k, v in came.getheaders() if k.lower() == "set-cookie")
        for one in set_:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        known = {k.lower(): v for k, v in came.getheaders()}
        return Answer(came.status, known, set_, text)


def key() -> str:
    """What a page of ours makes for one act."""
    return secrets.token_urlsafe(16)


def make(server: str, **form: object) -> tuple[Pupil, str, str]:
    """A new room: its teacher, its code and the teacher's key."""
    teacher = Pupil(server)
    came = teacher.ask("/room/new?lang=en", {"scheme": "thousand-yuan-points", **form})
    assert came.status == 303, came.text
    path, _, lead = came.headers["location"].partition("#")
    return teacher, path.split("/")[2], lead


def sit(server: str, code: str) -> Pupil:
    """Somebody who has taken a seat."""
    pupil = Pupil(server)
    came = pupil.ask(f"/room/{code}", {"do": "join", "key": key()})
    assert came.status == 205, came.text
    return pupil
