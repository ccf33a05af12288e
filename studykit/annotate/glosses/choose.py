"""The Chinese that fits: what the translation says for an item, else what its dictionary says.

With a translation: Chinese known for the item (glossary, expression list, dictionaries) that stands in an
aligned sentence, in whole words; else the words that the aligner links to it over all its places; else
only what comes with the item, never what a dictionary would guess. Without one: the dictionary's words of
its part of speech and of the sense nearest to the sentence, marked as a guess. The gloss's source says
which.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from studykit.annotate.glosses.affinity import Own
from studykit.annotate.glosses.aligner import Aligner, Link, Wanted
from studykit.annotate.glosses.guess import choose_senses, dictionary_words, guess_all
from studykit.annotate.tagger import Embedder
from studykit.annotate.vocabulary.candidate import Found
from studykit.annotate.vocabulary.marker_use import load_marker_use
from studykit.languages import HAN
from studykit.lexicon.dictionary import CEDICT, Cedict
from studykit.lexicon.pinyin import chinese_words
from studykit.types import Alignment, Gloss, Occurrence, Sentence, Span, Token
from studykit.types.kinds import ITEM_KINDS

__all__ = ["IN_TRANSLATION", "Chosen", "Glosser"]

IN_TRANSLATION = "in the translation"

OWN = "studykit"

Chosen = tuple[Gloss | None, tuple[Occurrence, ...]]
"""A gloss, if any is known, and where its Chinese stands in the translation."""

_HAN_RUN = re.compile(f"[{HAN}]+")
_REMARK = re.compile(r"[（(][^）)]*[）)]")
_OPEN = re.compile(r"…+")
_PHRASES = {"expression", "idiom", "phrasal_verb"}
"""Kinds whose Chinese our list knows; the translation may say it otherwise."""


class Glosser:
    """Chooses Chinese for found items.

    ``english`` with its ``tagged`` tokens and ``chinese`` are the talk's sentences; ``extra`` has more
    Chinese by lower-case English (ECDICT), and ``extra_name`` its source; ``own`` is our dictionary.
    """

    def __init__(
        self,
        english: Sequence[Sentence],
        tagged: Sequence[Sequence[Token]],
        chinese: Sequence[Sentence],
        alignment: Alignment | None,
        *,
        cedict: Cedict,
        embedder: Embedder,
        extra: Mapping[str, Sequence[str]],
        extra_name: str,
        own: Own,
    ) -> None:
        self._english = english
        self._chinese = chinese
        self._beads = [(bead.source, bead.target) for bead in (alignment.beads if alignment else ())]
        self._aligned = {i: target for source, target in self._beads for i in source}
        self._cedict = cedict
        self._embedder = embedder
        self._extra = extra
        self._extra_name = extra_name
        self._own = own
        self._aligner = Aligner(
            english, tagged, chinese, self._beads, cedict=cedict, embedder=embedder, own=own
        )

    def choose(self, items: Sequence[Found]) -> list[Chosen]:
        """For each item its gloss and where in the translation it stands."""
        chosen: list[Chosen] = [self._known(item) for item in items]
        open_ = [
            i
            for i, (item, (gloss, _)) in enumerate(zip(items, chosen, strict=True))
            if self._may_link(item, gloss) and self._sentences(item)
        ]
        links = self._aligner.link([self._wanted(items[i]) for i in open_])
        for i, link in zip(open_, links, strict=True):
            if link:
                chosen[i] = self._linked(link)
        doubtful = [
            i
            for i, (item, (gloss, at)) in enumerate(zip(items, chosen, strict=True))
            if gloss and not at and item.kind == "phrasal_verb" and len(_alternatives(item.chinese)) > 1
        ]
        texts = [self._said(items[i]) for i in doubtful]
        senses = [_alternatives(items[i].chinese) for i in doubtful]
        for i, text in zip(
            doubtful, choose_senses(list(zip(texts, senses, strict=True)), self._embedder), strict=True
        ):
            if text:
                chosen[i] = (Gloss(text=text, language="zh", source=items[i].source, guess=True), ())
        for i in open_:
            if chosen[i][0] is None:
                chosen[i] = (self._own_guess(items[i]), ())
        unsaid = [i for i, (gloss, _) in enumerate(chosen) if gloss is None and not self._sentences(items[i])]
        for i, gloss in zip(unsaid, self._guesses([items[i] for i in unsaid]), strict=True):
            chosen[i] = (gloss, ())
        return chosen

    def _own_guess(self, item: Found) -> Gloss | None:
        """What our own dictionary says of an adverb that the translation leaves out, as they often do.

        Adverbs have few meanings. Of nine such guesses that were read, those of adverbs and one other
        were right; so others get none.
        """
        senses = self._own(item.lemma.lower(), item.upos)
        if not senses or item.upos != "ADV":
            return None
        return Gloss(text="；".join(senses[:2]), language="zh", source=f"{OWN}, a guess", guess=True)

    def _said(self, item: Found) -> str:
        """The sentence that has an item first, as the translation says it if there is one."""
        first = item.places[0].sentence
        translated = "".join(self._chinese[i].text for i in self._aligned.get(first, ()))
        return translated or self._english[first].text

    def _may_link(self, item: Found, gloss: Gloss | None) -> bool:
        """Whether the translation may know better: nothing is known, or something that it does not say."""
        if item.kind in _PHRASES:
            if " " not in item.head or item.lemma in load_marker_use().forms:
                return False  # a marker has no word of its own in a translation
            return gloss is None or not gloss.source.endswith(IN_TRANSLATION)
        return gloss is None and item.kind in {"word", "term"}

    def _known(self, item: Found) -> Chosen:
        """Chinese that comes with an item: as the translation has it, else as it is listed."""
        if not item.chinese:
            return None, ()
        if not ITEM_KINDS[item.kind].is_wording:  # is explained, not translated
            return Gloss(text="；".join(item.chinese), language="zh", source=item.source), ()
        found = self._standing(item, _alternatives(item.chinese))
        if found:
            # The form that most places have; of two, the longer.
            counts = Counter(text for text, _ in found)
            text = max(counts, key=lambda text: (counts[text], len(text)))
            at = tuple(place for other, place in found if other == text)
            return Gloss(text=text, language="zh", source=f"{item.source}, {IN_TRANSLATION}"), at
        return Gloss(text="；".join(item.chinese[:2]), language="zh", source=item.source), ()

    def _standing(self, item: Found, words: Sequence[str]) -> list[tuple[str, Occurrence]]:
        """Where an aligned sentence has one of ``words``, in whole words; the longest of each sentence."""
        found = []
        for i in self._sentences(item):
            text = self._chinese[i].text
            edges = _edges(text)
            there = [
                (len(word), word, at.start())
                for word in words
                for at in re.finditer(re.escape(word), text)
                if {at.start(), at.end()} <= edges
            ]
            if there:
                _, word, start = max(there)
                span = Span(start=start, end=start + len(word))
                found.append((word, Occurrence(language="zh", sentence=i, span=span)))
        return found

    def _sentences(self, item: Found) -> list[int]:
        """The Chinese sentences aligned to the item's places, first ones first."""
        return list(dict.fromkeys(i for place in item.places for i in self._aligned.get(place.sentence, ())))

    def _wanted(self, item: Found) -> Wanted:
        return Wanted(
            lemma=item.lemma,
            upos=item.upos,
            known=tuple(self._listed(item) if item.kind not in _PHRASES else _alternatives(item.chinese)),
            places=tuple((place.sentence, place.span) for place in item.places),
            phrase=" " in item.head,
        )

    def _listed(self, item: Found) -> list[str]:
        """The Chinese of the user's dictionary."""
        names = dict.fromkeys((item.lemma.lower(), item.head.lower()))
        return [word for name in names for word in self._extra.get(name, ())]

    def _linked(self, link: Link) -> Chosen:
        source = f"{CEDICT if link.listed else self._embedder.name}, {IN_TRANSLATION}"
        at = tuple(Occurrence(language="zh", sentence=i, span=span) for i, span in link.places)
        return Gloss(text=link.text, language="zh", source=source), at

    def _guesses(self, items: Sequence[Found]) -> list[Gloss | None]:
        asked, sources = [], []
        for item in items:
            mine, own = self._listed(item), list(self._own(item.lemma.lower(), item.upos))
            words = mine or own or dictionary_words(self._cedict, item.lemma.lower(), item.upos)
            sources.append(self._extra_name if mine else OWN if own else CEDICT)
            asked.append((item.lemma, self._english[item.places[0].sentence].text, words))
        return [
            Gloss(text=text, language="zh", source=f"{source}, a guess", guess=True) if text else None
            for text, source in zip(guess_all(asked, self._embedder), sources, strict=True)
        ]


def _alternatives(chinese: Sequence[str]) -> list[str]:
    """``"有点；某种程度上"`` and the like as single words that a sentence may hold."""
    pieces = [piece.strip() for text in chinese for piece in re.split(r"[；，、;,/]", _REMARK.sub("", text))]
    # 在……方面 stands in a sentence with something between: its parts alone say less than it does.
    return [piece for piece in pieces if len(piece) >= 2 and not _OPEN.search(piece.strip("…"))]


def _edges(text: str) -> set[int]:
    """The code points at which words begin or end; outside Chinese, all."""
    inside: set[int] = set()
    for run in _HAN_RUN.finditer(text):
        at = run.start()
        for word in chinese_words(run.group()):
            inside.update(range(at + 1, at + len(word)))
            at += len(word)
    return set(range(len(text) + 1)) - inside
