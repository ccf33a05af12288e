"""Prints HTML to PDF with a browser of the Chromium family.

No other free engine supports ruby, unbroken blocks, page numbers and tagged PDF with bookmarks.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from studykit.errors import EngineError, MissingProgramError
from studykit.files import scratch_folder

__all__ = ["find_chromium", "print_pdf"]

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_HOW_TO_GET = {
    "Linux": "sudo apt install chromium fonts-noto-cjk    (or your system's package of Chromium or Chrome)",
    "Darwin": "brew install --cask chromium",
    "Windows": "winget install Google.Chrome",
}
_TIMEOUT_S = 600
_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing is loaded from the network, whatever a template asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
_FULL = ("--generate-pdf-document-outline", "--export-tagged-pdf")
_DRAFT = ("--disable-pdf-tagging",)


def _die_with_parent() -> None:
    """In a child process on Linux: end when the parent does, also when it is killed."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


_PR_SET_PDEATHSIG = 1
_libc: Any = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork
_DIES_WITH_US = _die_with_parent if sys.platform == "linux" else None


def find_chromium() -> Path:
    """The browser, from PATH or from the usual places. Raises ``MissingProgramError``."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    if not found:
        command = _HOW_TO_GET.get(platform.system(), _HOW_TO_GET["Linux"])
        raise MissingProgramError(
            "a browser for printing PDF (Chromium, Chrome or Edge)",
            f"{command}\nOr export with --format html and print that page with any browser.",
        )
    return Path(found)


def print_pdf(html: str, *, draft: bool = False) -> bytes:
    """The page as PDF, in its print styles, with bookmarks and tags.

    A ``draft`` has the same pages without bookmarks and tags, and takes two thirds of the time. Raises
    ``MissingProgramError`` and ``EngineError``.
    """
    program = find_chromium()
    with scratch_folder() as folder:
        page, pdf = folder / "page.html", folder / "page.pdf"
        page.write_text(html, encoding="utf-8")
        command = [
            *(
                str(program),
                *_OPTIONS,
                *(_DRAFT if draft else _FULL),
                f"--user-data-dir={folder / 'profile'}",
            ),
            # The sandbox does not work for root, as in containers; the page is our own.
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
            *(f"--print-to-pdf={pdf}", page.as_uri()),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=_TIMEOUT_S, check=False, preexec_fn=_DIES_WITH_US
            )
        except subprocess.TimeoutExpired as error:
            raise EngineError(program.name, f"printing took more than {_TIMEOUT_S} s") from error
        data = pdf.read_bytes() if pdf.is_file() else b""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-32:]:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise EngineError(
            program.name,
            f"printed nothing (exit code {done.returncode}): {said[-1] if said else 'it gave no reason'}",
            hint="Or export with --format html and print that page with any browser.",
        )
    return data
