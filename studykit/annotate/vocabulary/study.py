"""What a learner should study in a talk: found, ranked and with the Chinese that fits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from studykit.annotate.glosses.affinity import Own
from studykit.annotate.glosses.choose import Chosen, Glosser
from studykit.annotate.tagger import Embedder, Tagger
from studykit.annotate.vocabulary.candidate import Found
from studykit.annotate.vocabulary.expressions import shipped_expressions
from studykit.annotate.vocabulary.finders import GLOSSARY, find_items
from studykit.annotate.vocabulary.marker_use import WEIGHTS as MARKER_WEIGHTS
from studykit.annotate.vocabulary.ranking import ranked, within_paragraphs, worth_printing
from studykit.annotate.vocabulary.worth import WEIGHTS as ITEM_WEIGHTS
from studykit.fingerprint import digest, digest_bytes
from studykit.glossary import Glossary
from studykit.lexicon.dictionary import load_cedict
from studykit.lexicon.pronunciation import ipa
from studykit.lexicon.said import SAID
from studykit.lexicon.supplement import supplement, supplement_any, supplement_words
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
        if gloss and entry[0].source != GLOSSARY and worth_printing(entry[1])
    ]
    fits = within_paragraphs(printed, english.paragraph_of, options.per_paragraph)
    crowded = {id(item) for (item, _), fit in zip(printed, fits, strict=True) if not fit}
    made = [
        StudyItem(
            item=_study_item(item, gloss, places),
            score=round(score, 4),
            in_glossary=item.source == GLOSSARY,
            minor=not worth_printing(score),
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
    """Without words listed before as another part of speech, if they mean the same or nothing is known."""
    said: dict[str, set[str]] = {}
    kept = []
    for entry, chosen in zip(scored, glossed, strict=True):
        item, gloss = entry[0], chosen[0]
        if item.kind == "word":
            before = said.setdefault(item.head, set())
            text = gloss.text if gloss else ""
            if before and (not text or text in before):
                continue
            before.add(text)
        kept.append((entry, chosen))
    return [entry for entry, _ in kept], [chosen for _, chosen in kept]


@cache
def lexicon_digest() -> str:
    """Digest of all that items take from files of ours: the lexicon, weights and counts."""
    files = sorted(path for path in data_dir("lexicon").rglob("*") if path.is_file())
    files += [data_dir("weights") / name for name in (MARKER_WEIGHTS, ITEM_WEIGHTS, *SAID)]
    return digest([[path.name, digest_bytes(path.read_bytes())] for path in files])


def _nothing(_: Collection[str]) -> Mapping[str, Sequence[str]]:
    return {}


def _study_item(item: Found, gloss: Gloss | None, chinese: tuple[Occurrence, ...]) -> VocabularyItem:
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
        ipa=ipa(said, item.upos) if spoken else None,
        note=item.note,
    )
