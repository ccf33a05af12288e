"""Random entries that keep the rules, for round trips; their forms may belong to several of them."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from studykit.glossary import CATEGORIES, VERDICTS, Entry, SpokenClaim
from studykit.glossary.exchange.tables import to_table
from studykit.glossary.forms import has_han
from studykit.glossary.rules import read_table

_CHARACTERS = st.one_of(
    st.sampled_from(list("ab |\\\"';,&<>]=[#{}\u3000\u00a0\u2028é词元模型𠮷🙂")),
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
)
_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=12).map(lambda text: re.sub(" +", " ", text).strip(" "))
TEXTS = _TEXTS.filter(lambda text: bool(text.strip()))
FORMS = TEXTS.map(lambda text: " ".join(text.split())).filter(lambda text: len(text) > 1)
ENGLISH = FORMS.filter(lambda text: not has_han(text))
CHINESE = FORMS.map(lambda text: f"{text}词")
IDS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)


def _lists(items: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, max_size=2).map(tuple)


CLAIMS = st.builds(
    SpokenClaim, talk=TEXTS, where=TEXTS, said=TEXTS, holds=st.sampled_from(VERDICTS), remark=TEXTS
)


@st.composite
def _entries(draw: st.DrawFn) -> Entry:
    entry_id = draw(IDS)
    notes = draw(st.none() | st.tuples(TEXTS, TEXTS))
    english, chinese = draw(ENGLISH), draw(CHINESE)
    links = draw(_lists(IDS.filter(lambda other: other != entry_id)))
    forms = st.sampled_from([english, chinese])
    return Entry(
        id=entry_id,
        english=english,
        chinese=chinese,
        ambiguous=tuple(draw(st.lists(forms, max_size=2, unique=True))) if links else (),
        not_in=tuple(draw(st.lists(forms.map(lambda form: f"in {form}"), max_size=2))),
        category=draw(st.sampled_from(CATEGORIES)),
        definition_en=draw(TEXTS),
        definition_zh=draw(TEXTS.map(lambda text: f"词{text}")),
        source=draw(TEXTS),
        abbreviation=draw(st.none() | ENGLISH),
        aliases=draw(_lists(ENGLISH)),
        chinese_accepted=draw(_lists(FORMS)),
        misheard=draw(_lists(FORMS)),
        keep_english=draw(st.booleans()),
        demo=draw(st.none() | st.from_regex(r"[a-z]{1,5}(_[a-z0-9]{1,3})?", fullmatch=True)),
        see_also=links,
        note_en=notes[0] if notes else None,
        note_zh=notes[1] if notes else None,
        claims=tuple(draw(st.lists(CLAIMS, max_size=2))),
        reference=draw(
            st.none() | TEXTS | st.sampled_from(["arXiv:2106.09685", "https://example.org/a?b=1&c=2"])
        ),
    )


ENTRIES = _entries().filter(lambda entry: not read_table(to_table(entry))[1])
GLOSSARIES = st.lists(ENTRIES, min_size=1, max_size=2, unique_by=lambda entry: entry.id)

FULL = Entry(
    id="3d-printing",
    english="three-dimensional printing",
    abbreviation="3DP",
    aliases=("additive | manufacturing", "back\\slash print"),
    chinese="三维打印",
    chinese_accepted=("3D 打印", "增材制造"),
    ambiguous=("3DP", "增材制造"),
    company=("layer", "data"),
    not_in=("3DP party", "the back\\slash print shop"),
    category="general",
    definition_en='Building a thing layer by layer, from a "drawing" & powder <fine>.',
    definition_zh="按照图纸一层层地造出物体。",
    keep_english=True,
    misheard=("three d painting", "三围打印", "tree deep"),
    demo="kv_cache",
    see_also=("layer",),
    note_en="It is slower than casting.",
    note_zh="它比铸造慢。",
    source="test",
    reference="arXiv:2106.09685",
    claims=(
        SpokenClaim(talk="a talk", where="1:07", said="It is free.", holds="no", remark="Powder costs."),
        SpokenClaim(talk="a talk", where="1:09", said="It is slow.", holds="yes"),
    ),
)
"""An entry with every field."""
