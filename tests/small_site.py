"""A small glossary and a demo, so that the small talk can be made into a site."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from studykit.demos import svg
from studykit.demos.turned import State, Turned, packed
from studykit.export.site import (
    SITE_LABELS,
    Page,
    SiteClaim,
    SiteDemo,
    SiteDemoClaim,
    SiteDemoLine,
    SiteKnob,
    SitePaper,
    SiteTalk,
    TalkPages,
    mentions_of,
    pages,
)
from studykit.glossary import Entry, Glossary, SpokenClaim
from studykit.types import Notes
from tests.talks import SMALL_TALK

__all__ = ["DEMO", "ENTRIES", "TURNED", "small_site"]

ENTRIES = (
    Entry(
        id="attention",
        english="attention",
        chinese="注意力机制",
        category="architecture",
        definition_en="Lets tokens look at one another.",
        definition_zh="让词元互相参看。",
        source="test",
        see_also=("kv-cache",),
    ),
    Entry(
        id="kv-cache",
        english="KV cache",
        abbreviation="KVC",
        aliases=("key-value cache",),
        chinese="键值缓存",
        chinese_accepted=("KV 缓存",),
        category="inference",
        definition_en="Keys and values kept for later tokens.",
        definition_zh="留给后续词元用的键和值。",
        source="test",
        see_also=("quantization",),
        demo="kv_cache",
        note_en="It makes no answer better, only faster.",
        note_zh="它不会让回答更好，只会更快。",
        claims=(
            SpokenClaim(
                talk="Caches & costs",
                where="1:05",
                said="Without it every token costs the whole prompt.",
                holds="partly",
                remark="Work, not money.",
            ),
        ),
        reference="arXiv:1911.02150",
    ),
    Entry(
        id="quantization",
        english="quantization",
        chinese="量化",
        category="weights",
        definition_en="Fewer bits for each weight.",
        definition_zh="每个权重用更少的比特。",
        source="test",
    ),
)

DEMO = SiteDemo(
    name="kv_cache",
    title="The cache: memory instead of work",
    layer="inference",
    terms=("kv-cache",),
    claim="With a cache a step costs less.",
    said=(SiteDemoClaim(talk="Another talk", where="0:10", claim="Caches save work."),),
    cannot_show="Real memory is slow.",
    seconds=0.5,
    program='print("a < b & c")\n',
    output="a < b & c\n",
    switched_off="keeping – nothing is kept.",
    beside=(
        SiteDemoLine(run="as ever", control="as ever", differs=False),
        SiteDemoLine(run="a < b & c", control="a > b", differs=True),
        SiteDemoLine(run=None, control="more", differs=True),
    ),
)


def _states(*values: tuple[int | bool | None, str, float, str | None]) -> list[State]:
    """Runs of two lines, the second of which tells, and a picture."""
    charts = [
        svg.lines(
            "Work", {"slow": [(0.0, 0.0), (1.0, high)], "fast <": [(0.0, 0.0), (1.0, 1.0)]}, x="t", y=""
        )
        for *_, high, _ in values
    ]
    return [
        State(value, ("as ever", line), tuple(picture), problem)
        for (value, line, _, problem), picture in zip(values, svg.together(charts), strict=True)
    ]


_RUN, _CONTROL = _states((None, "a < b & c", 2, None), (False, "a > b", 9, "a step <costs> less"))
_KEPT = _states(
    (1, "one kept", 5, "a step <costs> less"), (8, "a < b & c", 2, None), (64, "all kept", 1, None)
)

TURNED = replace(
    DEMO,
    equation='<math display="block"><mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mi>y</mi></mfrac></math>',
    letters="x: what is asked.",
    picture="".join(_RUN.picture),
    control_picture="".join(_CONTROL.picture),
    small_picture=svg.small(_RUN.picture),
    knobs=(
        SiteKnob(name="kept", help="tokens that are kept", language="en", values=("1", "8", "64"), default=1),
    ),
    turned=packed(Turned(_RUN, _CONTROL, {"kept": tuple(_KEPT)})).replace("<", "\\u003c"),
)
"""The same demo with a formula, pictures, and recorded runs to choose from."""


def small_site(
    *,
    talk: Notes = SMALL_TALK,
    entries: tuple[Entry, ...] = ENTRIES,
    demo: SiteDemo = DEMO,
    more: tuple[SiteDemo, ...] = (),
    demos: Sequence[SiteDemo] = (),
    labels: str = "zh",
) -> dict[str, str]:
    """Path and text of every file of a site with the same talk twice, noted in two months."""
    later = replace(talk, source=replace(talk.source, id="b" + talk.source.id[1:], title="Again"))
    demos = demos or [demo, *more]
    glossary, words = Glossary(entries), SITE_LABELS[labels]
    talk_pages = TalkPages(glossary, [demo.name for demo in demos], words)
    made = pages(
        glossary=glossary,
        talks=[
            (shown(one, day), mentions_of(one), Page(key=day, make=partial(talk_pages.make, one)))
            for one, day in ((talk, "2026-02-03"), (later, "2026-03-01"))
        ],
        demos=demos,
        labels=words,
        downloads={"glossary.csv": "id\n"},
        demo_style=svg.STYLE,
        papers={"arXiv:1911.02150": SitePaper(title="One <Head>", authors="A. Author", year=2019)},
    )
    return {name: page.make() if isinstance(page, Page) else page for name, page in made}


def shown(notes: Notes, stored_on: str) -> SiteTalk:
    """What the site shows of a talk."""
    return SiteTalk(
        source=notes.source,
        bilingual=bool(notes.english and notes.chinese),
        terms=len(notes.terms),
        stored_on=stored_on,
        tested=tuple(SiteClaim(claim=claim, start_s=62.5, paragraph=1) for claim in notes.claims),
    )
