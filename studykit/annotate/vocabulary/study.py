"""What a learner should study in a talk: found, ranked and with the Chinese that fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from msgspec.structs import replace

from studykit.annotate.glosses.affinity import Own
from studykit.annotate.glosses.choose import Chosen, Glosser
from studykit.annotate.tagger import Embedder, Tagger
from studykit.annotate.vocabulary.candidate import Found
from studykit.annotate.vocabulary.expressions import shipped_expressions
from studykit.annotate.vocabulary.finders import GLOSSARY, find_items
from studykit.annotate.vocabulary.listed.marker_use import WEIGHTS as MARKER_WEIGHTS
from studykit.annotate.vocabulary.ranking import ranked, within_paragraphs, worth_printing
from studykit.annotate.vocabulary.worth import WEIGHTS as ITEM_WEIGHTS
from studykit.fingerprint import digest, digest_bytes
from studykit.glossary import Glossary
from studykit.lexicon.dictionary import load_cedict
from studykit.lexicon.pronunciation import ipa
from studykit.lexicon.said import SAID
from studykit.lexicon.supplement import supplement, supplement_any, supplement_words, without_hints
from studykit.options import VocabularyOptions
from studykit.resources import data_dir
from studykit.types import (
    Alignment,
    Document,
    Gloss,
    Occurrence,
    StudyItem,
    TermMatch,
    VocabularyItem,
)
from studykit.types.kinds import ITEM_KINDS

__all__ = ["find_vocabulary", "lexicon_digest"]

_PART_OF_SPEECH = {"NOUN": "名词", "VERB": "动词", "ADJ": "形容词", "ADV": "副词", "ADP": "介词"}
_WORD = re.compile(r"[a-z]+")
_SAY_LITTLE = set("；;，、… 的地得了着一不使有出上下")
"""Characters that words share without being akin."""

Dictionary = Callable[[Collection[str]], Mapping[str, Sequence[str]]]
"""More Chinese for some English words, by lower-case word."""


def find_vocabulary(
    english: Document,
    chinese: Document | None,
    alignment: Alignment | None,
    *,
    terms: Iterable[TermMatch],
    glossary: Glossary,
    tagger: Tagger,
    embedder: Embedder,
    known: AbstractSet[str] = frozenset(),
    extra: tuple[str, Dictionary] | None = None,
    options: VocabularyOptions = VocabularyOptions(),
) -> tuple[StudyItem, ...]:
    """All that is worth studying, best first; crowded items come after all others.

    ``known`` holds keys of ``known_key``; ``extra`` names a dictionary that outranks the built-in one.
    """
    tagged = tagger.tag([sent.text for sent in english.sentences])
    items = find_items(
        english.sentences,
        tagged,
        terms=terms,
        glossary=glossary,
        expressions=shipped_expressions(),
    )
    scored = ranked(items, level=options.level, known=known)
    extra_name, look_up = extra or ("", _nothing)
    kept = [item for item, _ in scored]
    glosser = Glosser(
        english.sentences,
        tagged,
        chinese.sentences if chinese else (),
        alignment,
        cedict=load_cedict(),
        embedder=embedder,
        extra=look_up({name for item in kept for name in (item.head, item.lemma)}),
        extra_name=extra_name,
        own=Own(supplement, supplement_any, supplement_words()),
    )
    scored, glossed = _one_sense_once(scored, glosser.choose(kept))
    # Terms of the glossary have a place of their own; what has no Chinese or little worth is not printed.
    printed = [
        entry
        for entry, (gloss, _) in zip(scored, glossed, strict=True)
        if gloss and entry[0].source != GLOSSARY and worth_printing(entry[1], options.level)
    ]
    fits = within_paragraphs(printed, english.paragraph_of, options.per_paragraph)
    crowded = {id(item) for (item, _), fit in zip(printed, fits, strict=True) if not fit}
    made = [
        StudyItem(
            item=_study_item(item, gloss, places, english.sentences[item.places[0].sentence].text),
            score=round(score, 4),
            in_glossary=item.source == GLOSSARY,
            minor=not worth_printing(score, options.level),
            crowded=id(item) in crowded,
        )
        for (item, score), (gloss, places) in zip(scored, glossed, strict=True)
    ]
    heard = [study for study in made if not _is_unheard_of(study.item)]
    return tuple(sorted(heard, key=lambda study: study.crowded))


def _is_unheard_of(item: VocabularyItem) -> bool:
    """Whether a word has neither Chinese nor a pronunciation: most are mishearings, none can be taught."""
    return item.kind == "word" and not item.glosses and item.ipa is None


def _one_sense_once(
    scored: Sequence[tuple[Found, float]], glossed: Sequence[Chosen]
) -> tuple[list[tuple[Found, float]], list[Chosen]]:
    """With a word that is several parts of speech as one item, where their Chinese belongs together.

    It then has all their places, and the Chinese that the translation has, else that of the better one.
    A word listed before as another part of speech is left out if nothing is known of this one.
    """
    kept: list[tuple[tuple[Found, float], Chosen]] = []
    before: dict[str, list[int]] = {}
    for (item, score), chosen in zip(scored, glossed, strict=True):
        mine = before.setdefault(item.head, []) if item.kind == "word" else []
        same = next((i for i in mine if _belong_together(kept[i], (item, chosen))), None)
        if same is not None:
            (first, value), known = kept[same]
            places = (*known[1], *chosen[1])
            if chosen[1] and not known[1]:  # what the translation says is surer
                kept[same] = (_as_both(item, first), value), (chosen[0], places)
            else:
                kept[same] = (_as_both(first, item), value), (known[0], places)
        elif not mine or chosen[0]:
            mine.append(len(kept))
            kept.append(((item, score), chosen))
    return [entry for entry, _ in kept], [chosen for _, chosen in kept]


def _belong_together(first: tuple[tuple[Found, float], Chosen], again: tuple[Found, Chosen]) -> bool:
    """Whether a word as two parts of speech sounds alike and its first Chinese shares a character.

    Words of one family do in Chinese (轻推, 推动); finance (金融) and to finance (资助；提供资金) do not.
    """
    ((item, _), (gloss, _)), (other, (second, _)) = first, again
    alike = ipa(item.head, item.upos) == ipa(other.head, other.upos)
    return alike and bool(gloss and second and _characters(gloss) & _characters(second))


def _characters(gloss: Gloss) -> set[str]:
    return set(without_hints(gloss.text).split("；")[0]) - _SAY_LITTLE


def _as_both(first: Found, again: Found) -> Found:
    """The better item with the places of both, and a remark on what else it is."""
    places = sorted((*first.places, *again.places), key=lambda place: (place.sentence, place.span.start))
    named = _PART_OF_SPEECH.get(again.upos or "")
    # Taggers slip: what our dictionary does not have as that part of speech may be none.
    remark = f"文中也作{named}" if named and supplement(again.lemma, again.upos) else None
    note = "；".join(part for part in (first.note, remark) if part) or None
    return replace(first, places=places, note=note)


@cache
def lexicon_digest() -> str:
    """Digest of all that items take from files of ours: the lexicon, weights and counts."""
    files = sorted(path for path in data_dir("lexicon").rglob("*") if path.is_file())
    files += [data_dir("weights") / name for name in (MARKER_WEIGHTS, ITEM_WEIGHTS, *SAID)]
    return digest([[path.name, digest_bytes(path.read_bytes())] for path in files])


def _nothing(_: Collection[str]) -> Mapping[str, Sequence[str]]:
    return {}


def _study_item(
    item: Found, gloss: Gloss | None, chinese: tuple[Occurrence, ...], sentence: str
) -> VocabularyItem:
    spoken = ITEM_KINDS[item.kind].is_wording and "…" not in item.head
    said = item.head.split(" (")[0]
    english = (Occurrence(language="en", sentence=place.sentence, span=place.span) for place in item.places)
    return VocabularyItem(
        head=item.head,
        kind=item.kind,
        lemma=item.lemma,
        upos=item.upos,
        cefr=item.level,
        zipf=item.zipf,
        glosses=(gloss,) if gloss else (),
        occurrences=(*english, *chinese),
        ipa=ipa(said, item.upos, near=_WORD.findall(sentence.lower())) if spoken else None,
        note=item.note,
    )
