"""The static site of terms, talks and demos: turns their data into the text of every file.

All links are relative and file names are ids, so the site works from ``file://`` and from any web server.
"""

from __future__ import annotations

from studykit.export.site.data import (
    Page,
    SiteClaim,
    SiteDemo,
    SiteDemoClaim,
    SiteDemoLine,
    SiteDemoTry,
    SiteKnob,
    SitePaper,
    SiteTalk,
)
from studykit.export.site.labels import SiteLabels
from studykit.export.site.mentions import Mention, mentions_of
from studykit.export.site.pages import pages
from studykit.export.site.runnable import Interpreter
from studykit.export.site.talk_pages import TalkPages
from studykit.export.site.wordings import SITE_LABELS, site_labels_named

__all__ = [
    "SITE_LABELS",
    "Interpreter",
    "Mention",
    "Page",
    "SiteClaim",
    "SiteDemo",
    "SiteDemoClaim",
    "SiteDemoLine",
    "SiteDemoTry",
    "SiteKnob",
    "SiteLabels",
    "SitePaper",
    "SiteTalk",
    "TalkPages",
    "mentions_of",
    "pages",
    "site_labels_named",
]
