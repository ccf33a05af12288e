"""All pages of the site, as paths and texts. Reads only the templates, and writes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from studykit.export.page.links import link_at, safe_url
from studykit.export.page.render import Renderer
from studykit.export.site.data import Page, SiteClaim, SiteDemo, SitePaper, SiteTalk, key_of
from studykit.export.site.gallery import foundations, gallery
from studykit.export.site.known import KnownTalks, second_of
from studykit.export.site.labels import SiteLabels
from studykit.export.site.mentions import Mention, TalkMentions
from studykit.export.site.order import chinese_key, english_key, grouped
from studykit.export.site.runnable import Interpreter, python_script
from studykit.export.site.search_index import search_index
from studykit.export.stack import CATEGORY_NAMES, STACK, Name
from studykit.glossary import Entry, Glossary
from studykit.languages import detect_language
from studykit.timecode import to_clock

__all__ = ["Box", "SaidBy", "TermLink", "pages"]

_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
_DOI = re.compile(r"(?:doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_TOP = 3
_MOST_SAID = 10
_HOTTEST_PERCENT = 24
"""Share of the accent colour in the map's most mentioned box; text on it stays readable."""


class Box(Struct, frozen=True, kw_only=True):
    """A category on the map; ``top``: its most mentioned terms; ``heat``: its share of mentions, 0-24."""

    category: str
    name: Name
    entries: tuple[Entry, ...]
    top: tuple[Entry, ...]
    heat: int


class TermLink(Struct, frozen=True, kw_only=True):
    """What a link to a term shows, so that a page does not depend on all that is said of its neighbours."""

    id: str
    english: str
    abbreviation: str | None
    chinese: str

    @classmethod
    def to(cls, entry: Entry) -> TermLink:
        """The link to an entry's page."""
        return cls(**{name: getattr(entry, name) for name in cls.__struct_fields__})


class SaidBy(Struct, frozen=True, kw_only=True):
    """A speaker's claim; ``url`` plays it, ``page`` is the talk's page if it is on the site."""

    text: str
    chinese: bool
    talk: str
    where: str
    url: str | None
    page: str | None
    holds: str | None = None
    remark: str | None = None


def pages(
    *,
    glossary: Glossary,
    talks: Iterable[tuple[SiteTalk, Mapping[str, tuple[Mention, ...]], Page]],
    demos: Sequence[SiteDemo],
    labels: SiteLabels,
    downloads: Mapping[str, str | Page] | None = None,
    demo_style: str = "",
    papers: Mapping[str, SitePaper] | None = None,
    interpreter: Interpreter | None = None,
) -> Iterator[tuple[str, str | Page]]:
    """Path (with ``/``, relative to the site's folder) and text of every file of the site, or how to make it.

    Each of the ``talks`` comes with its mentions of terms and its page (see ``TalkPages``). ``downloads`` are
    files to offer for download, by name; ``demo_style`` is the style sheet of the demos' charts; ``papers``
    are by the ids that terms cite; ``interpreter`` runs demos in their pages. The same input always gives the
    same bytes. Raises ``TemplateError``.
    """
    site = _Site(
        glossary=glossary,
        talks=talks,
        demos=demos,
        labels=labels,
        downloads=downloads or {},
        papers=papers or {},
    )
    yield from site.downloads.items()
    sheets = ("handout.css", "assist.css", "site/site.css")
    yield "style.css", "".join(site.render(sheet) for sheet in sheets) + demo_style
    yield "search.js", site.render("site/search.js")
    yield "turn.js", site.render("site/turn.js")
    if interpreter:
        yield "runnable.js", site.render("site/runnable.js")
        yield "python.js", python_script(interpreter, site.render("site/run_worker.js"))
    yield "search-index.js", search_index(glossary.entries, site.talks, demos, site.said)
    yield "gallery.js", site.render("site/gallery.js")
    yield from site.lists()
    yield "demos.html", site.gallery()
    for entry in glossary.entries:
        yield f"terms/{entry.id}.html", site.term(entry)
    yield from site.talk_pages
    for demo in demos:
        yield f"demos/{demo.name}.html", site.demo(demo)


class _Site:
    """Data shared by several pages, computed once."""

    def __init__(
        self,
        *,
        glossary: Glossary,
        talks: Iterable[tuple[SiteTalk, Mapping[str, tuple[Mention, ...]], Page]],
        demos: Sequence[SiteDemo],
        labels: SiteLabels,
        downloads: Mapping[str, str | Page],
        papers: Mapping[str, SitePaper],
    ) -> None:
        self.papers = papers
        self.glossary, self.demos, self.labels, self.downloads = glossary, demos, labels, downloads
        by_title = sorted(talks, key=lambda one: (one[0].source.title, one[0].source.id))
        newest_first = sorted(by_title, key=lambda one: one[0].stored_on, reverse=True)
        self.talks = [talk for talk, *_ in newest_first]
        self.talk_pages = [(talk.page, page) for talk, _, page in newest_first]
        self.mentions: dict[str, list[TalkMentions]] = {}
        for talk, found, _ in newest_first:
            title, day = talk.source.shown_title, talk.stored_on
            for entry_id, mentions in found.items():
                here = TalkMentions(page=talk.page, title=title, stored_on=day, mentions=mentions)
                self.mentions.setdefault(entry_id, []).append(here)
        self.said = Counter(
            {entry_id: sum(len(talk.mentions) for talk in found) for entry_id, found in self.mentions.items()}
        )
        self._renderer = Renderer()
        self._known = KnownTalks(self.talks)
        self._pointed_from: dict[str, list[Entry]] = {}
        for entry in glossary.entries:
            for other in entry.see_also:
                self._pointed_from.setdefault(other, []).append(entry)
        self.path = sorted((demo for demo in demos if demo.step), key=lambda demo: demo.step)
        self.stack = self._stack()

    def render(self, template: str, here: str = "", root: str = "", **context: object) -> str:
        shared = {"root": root, "here": here, "words": self.labels}
        return self._renderer.render(template, {**shared, **context})

    def lists(self) -> Iterator[tuple[str, str]]:
        """The pages in the top folder of the site."""
        entries = self.glossary.entries
        known = [entry for entry in entries if self.said[entry.id]]
        yield (
            "index.html",
            self.render(
                "site/index.html.j2",
                "index",
                stack=self.stack,
                entries=entries,
                talks=self.talks,
                demos=self.demos,
                downloads=sorted(self.downloads),
                most_said=sorted(known, key=self._most_said_first)[:_MOST_SAID],
                said=self.said,
            ),
        )
        for tab, key, name in (
            ("terms", english_key, self.labels.by_english),
            ("terms-zh", chinese_key, self.labels.by_chinese),
        ):
            groups = grouped(entries, key)
            yield (
                f"{tab}.html",
                self.render(
                    "site/terms.html.j2", "terms", tab=tab, tab_name=name, groups=groups, said=self.said
                ),
            )
        yield "layers.html", self.render("site/layers.html.j2", "layers", stack=self.stack, said=self.said)
        yield "talks.html", self.render("site/talks.html.j2", "talks", talks=self.talks, clock=to_clock)

    def gallery(self) -> Page:
        """The page to choose a demo from; finding the terms that demos are told in takes its time."""

        def make() -> str:
            layers = gallery(self.demos, self.glossary)
            return self.render(
                "site/demos.html.j2", "demos", layers=layers, known=foundations(layers), path=self.path
            )

        return Page(
            key=key_of("site/demos.html.j2", self.labels.code, self.demos, self.glossary.entries), make=make
        )

    def page(self, template: str, **context: object) -> Page:
        """A page in a folder."""
        return Page(
            key=key_of(template, self.labels.code, context),
            make=lambda: self.render(template, "", "../", **context),
        )

    def term(self, entry: Entry) -> Page:
        """A term's page."""
        found = self.mentions.get(entry.id, [])
        by_month = groupby(found, key=lambda talk: _month(talk.stored_on))
        linked = (*map(self.glossary.get, entry.see_also), *self._pointed_from.get(entry.id, ()))
        neighbours = {other.id: other for other in linked if other and other.id != entry.id}
        own = [demo for demo in self.demos if demo.name == entry.demo]
        others = [demo for demo in self.demos if entry.id in demo.terms and demo.name != entry.demo]
        return self.page(
            "site/term.html.j2",
            entry=entry,
            category=CATEGORY_NAMES[entry.category],
            reference_url=_reference_url(entry.reference),
            neighbours=[TermLink.to(other) for other in neighbours.values()],
            said_by=[
                self._said_by(claim.said, claim.talk, claim.where, holds=claim.holds, remark=claim.remark)
                for claim in entry.claims
            ],
            demos=[*own, *others],
            months=[(month, list(talks)) for month, talks in by_month],
            mention_count=self.said[entry.id],
            talk_count=len(found),
        )

    def demo(self, demo: SiteDemo) -> Page:
        """A demo's page."""
        terms = [entry for entry in map(self.glossary.get, demo.terms) if entry]
        terms += [entry for entry in self.glossary.entries if entry.demo == demo.name and entry not in terms]
        said_by = [self._said_by(said.claim, said.talk, said.where) for said in demo.said]
        said_by += [
            self._claimed(one, talk)
            for talk in self.talks
            for one in talk.tested
            if one.claim.demo == demo.name
        ]
        cited = dict.fromkeys(entry.reference for entry in terms if entry.reference in self.papers)
        papers = [(key, self.papers[key], _reference_url(key)) for key in cited if key]
        before = next((other for other in self.path if other.step == demo.step - 1), None)
        after = next((other for other in self.path if demo.step and other.step == demo.step + 1), None)
        return self.page(
            "site/demo.html.j2",
            demo=demo,
            terms=terms,
            said_by=said_by,
            papers=papers,
            before=before,
            after=after,
        )

    def _said_by(
        self, text: str, talk: str, where: str, *, holds: str | None = None, remark: str | None = None
    ) -> SaidBy:
        known = self._known.get(talk)
        return SaidBy(
            text=text,
            chinese=detect_language(text) == "zh",
            talk=talk,
            where=where,
            url=link_at(known.source.url, second_of(where, known.source.duration_s)) if known else None,
            page=known.page if known else None,
            holds=holds,
            remark=remark,
        )

    def _claimed(self, one: SiteClaim, talk: SiteTalk) -> SaidBy:
        """A key claim of a talk on the site."""
        chinese = talk.source.language == "zh" or not one.claim.statement
        text = (one.claim.statement_zh if chinese else None) or one.claim.statement
        place = f"#p{one.paragraph}" if one.paragraph else ""
        verdict = one.claim.verdict_zh if self.labels.code == "zh" else one.claim.verdict
        return SaidBy(
            text=text,
            chinese=chinese,
            talk=talk.source.shown_title,
            where="" if one.start_s is None else to_clock(one.start_s),
            url=link_at(talk.source.url, one.start_s),
            page=f"{talk.page}{place}",
            remark=verdict or None,
        )

    def _stack(self) -> list[dict[str, object]]:
        filed: dict[str, list[Entry]] = {category: [] for category in CATEGORY_NAMES}
        for entry in sorted(self.glossary.entries, key=english_key):
            filed[entry.category].append(entry)
        spoken = {
            category: sum(self.said[entry.id] for entry in entries) for category, entries in filed.items()
        }
        most = max(spoken.values()) or 1
        return [
            {
                "name": layer.name,
                "boxes": [
                    Box(
                        category=category,
                        name=CATEGORY_NAMES[category],
                        entries=tuple(filed[category]),
                        top=tuple(sorted(filed[category], key=self._most_said_first)[:_TOP]),
                        heat=round(_HOTTEST_PERCENT * spoken[category] / most),
                    )
                    for category in layer.categories
                ],
            }
            for layer in STACK
        ]

    def _most_said_first(self, entry: Entry) -> tuple[int, str]:
        return -self.said[entry.id], entry.id


def _month(day: str) -> tuple[int, int]:
    year, month, _ = day.split("-")
    return int(year), int(month)


def _reference_url(reference: str | None) -> str | None:
    if reference is None:
        return None
    if arxiv := _ARXIV.match(reference):
        return f"https://arxiv.org/abs/{arxiv[1]}"
    if doi := _DOI.match(reference):
        return f"https://doi.org/{doi[1]}"
    return safe_url(reference)
