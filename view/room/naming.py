"""Codes, keys and names: whatever is said aloud, typed or kept secret in a class room."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Final

from view.room.names import ANIMALS, MANNERS
from view.words.words import traditional

#: Letters and digits of a code: none that is taken for another, read or heard.
ALPHABET: Final = "ACDEFHKMNPRTWXY3479"
LENGTH: Final = 5
#: How many other names one may ask for.
SPINS: Final = 3
#: Digits of the number that is said aloud, behind the number of the seat.
PIN: Final = 4


def new_code() -> str:
    """A code for a room, by chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_of(text: str) -> str | None:
    """The code that somebody typed, in any case and with any gaps; None if it can be none."""
    found = re.sub(r"[\s\-_.·]", "", text[:40]).upper()
    return found if len(found) == LENGTH and set(found) <= set(ALPHABET) else None


def new_key() -> str:
    """128 bits that open something."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Whether a text can be a key that a page of ours has made: 16 to 64 plain characters."""
    return re.fullmatch(r"[A-Za-z0-9_-]{16,64}", text) is not None


def digest(key: str) -> str:
    """What is kept of a key: nobody can get it back from that."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def opens(key: str, kept: str) -> bool:
    """Whether a key is the one of which ``kept`` is kept."""
    return hmac.compare_digest(digest(key), kept)


def spoken(salt: str, seat: int) -> str:
    """The number of a seat that is said aloud to sit down with another phone: ``174826``."""
    found = hmac.new(salt.encode(), str(seat).encode(), "sha256").digest()
    return f"{seat}{int.from_bytes(found[:4]) % 10**PIN:0{PIN}d}"


def seat_of(salt: str, number: str, seats: int) -> int | None:
    """The seat whose spoken number this is."""
    text = re.sub(r"\s", "", number[:20])
    if not (text.isascii() and text.isdigit() and PIN < len(text) <= PIN + 2):
        return None
    seat = int(text[:-PIN])
    good = 1 <= seat <= seats and hmac.compare_digest(spoken(salt, seat), text)
    return seat if good else None


def name(salt: str, seat: int, spins: int, lang: str) -> str:
    """What a seat is called: two words of ours, another pair for each spin, no pair twice.

    ``seat`` from 1 to 60, ``spins`` from 0 to :data:`SPINS`.
    """
    pairs = len(MANNERS) * len(ANIMALS)
    start = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:4])
    # A step that shares no factor with the number of pairs comes past all of them.
    place = (start + 247 * (seat + 64 * spins)) % pairs
    (manner_en, manner), (animal_en, animal) = (
        MANNERS[place // len(ANIMALS)],
        ANIMALS[place % len(ANIMALS)],
    )
    if lang == "en":
        return f"{manner_en} {animal_en}"
    said = f"{manner}{animal}"
    return traditional(said) if lang == "zh-Hant" else said
