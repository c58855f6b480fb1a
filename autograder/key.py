"""The course key, and the seeds that hidden inputs are made from.

Everything in this repository is public; the key is the one secret. With it, the inputs of any
attempt can be made again; without it, nobody can know them beforehand.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Protocol


class BrokenCourseKey(ValueError):
    """The file with the course key holds no key."""


class _Keyed(Protocol):
    @property
    def course_key(self) -> bytes: ...
    @property
    def assignment(self) -> str: ...


def probe_seed(settings: _Keyed, exercise: str, student: str, attempt: str) -> int:
    """The seed of one attempt's inputs: HMAC-SHA256 of what it is about."""
    message = "\0".join([settings.assignment, exercise, student, attempt])
    digest = hmac.new(settings.course_key, message.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return int.from_bytes(digest.digest()[:16], "big")


def course_key(folder: Path, *, make: bool = True) -> bytes:
    """The key of the course in that folder; made, readable by its owner only, if there is none."""
    path = folder / "course_key"
    if not make and not path.exists():
        raise BrokenCourseKey(f"expected the course key in {path}; is {folder} the course folder?")
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(fd, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    text = path.read_text(encoding="ascii").strip()
    if len(text) < 32:
        raise BrokenCourseKey(
            f"expected at least 32 characters in {path}, got {len(text)}; put the old key back, "
            "or delete the file to begin with a new one"
        )
    return text.encode()
