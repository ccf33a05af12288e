"""Sends decks to a running Anki, through its add-on AnkiConnect (https://git.sr.ht/~foosoft/anki-connect).

The add-on imports the same package that users import by hand, so that Anki itself handles identities,
updates and schedules.
"""

from __future__ import annotations

import json
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

from studykit.errors import EngineError

__all__ = ["push"]

_API = 6
_WAIT_S = 120
_LARGEST_BYTES = 64 << 20
_HINT = "Start Anki with the add-on AnkiConnect (code 2055492159), or import the file by hand: File > Import."


def push(package: Path, deck: str, *, url: str) -> int:
    """Import ``package`` into the Anki at ``url``; returns how many notes ``deck`` then has.

    Raises ``EngineError`` if Anki is not running, lacks the add-on, or refuses.
    """
    version = _call(url, "version")
    if not isinstance(version, int) or version < _API:
        raise EngineError(
            "AnkiConnect", f"its version {version!r} is too old", hint="Update the add-on in Anki."
        )
    if _call(url, "importPackage", path=str(package.resolve())) is not True:
        raise EngineError("AnkiConnect", f"did not import {package}", hint=_HINT)
    quoted = deck.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*").replace("_", "\\_")
    found = _call(url, "findNotes", query=f'"deck:{quoted}"')
    return len(found) if isinstance(found, list) else 0


def _call(url: str, action: str, **params: str) -> Any:
    body = json.dumps({"action": action, "version": _API, "params": params}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    # A program on this machine must not be reached through a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_WAIT_S) as response:
            answer = json.loads(response.read(_LARGEST_BYTES))
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise EngineError("Anki", f"does not answer at {url} ({reason})", hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        raise EngineError("Anki", f"what answers at {url} is not AnkiConnect", hint=_HINT) from error
    if not isinstance(answer, dict) or set(answer) != {"result", "error"}:
        raise EngineError("Anki", f"what answers at {url} is not AnkiConnect", hint=_HINT)
    if answer["error"]:
        raise EngineError("AnkiConnect", str(answer["error"]), hint=_HINT)
    return answer["result"]
