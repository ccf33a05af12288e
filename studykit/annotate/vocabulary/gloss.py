"""The Chinese that fits: what the translation says for an item, else what its dictionary says.

In order: Chinese known for the item (glossary, expression list, dictionary) that stands in the
aligned sentence; a word of that sentence whose dictionary definition names the item; a stretch of it
that means the same by sentence embedding; the dictionary word nearest to the English sentence, when
one is clearly nearest; the two commonest. The gloss's source says which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from studykit.annotate.tagger import Embedder
from studykit.annotate.vocabulary.candidate import Found
from studykit.languages import HAN
from studykit.lexicon.dictionary import CEDICT, Cedict, chinese_frequency
from studykit.types import Gloss, Occurrence, Sentence, Span
from studykit.types.kinds import ITEM_KINDS

__all__ = ["IN_TRANSLATION", "Glosser"]

IN_TRANSLATION = "in the translation"

_HAN_RUN = re.compile(f"[{HAN}]+")
_REMARK = re.compile(r"[（(][^）)]*[）)]")
_FUNCTION = set(
    "的了是在和与及或就也都而但不没有个这那我你他她它们把被让给对从向到为以于等着过吗呢吧啊会能要可"
)
"""Characters that carry no lexical meaning by themselves."""
_SIMILAR = 0.67
"""Least cosine of an item and a stretch of the translation that say the same."""
_SHORTEST_FOR_PHRASE = 3
"""Characters: a phrase of two words and more is seldom said in two."""
_CLEARLY = 0.04
"""By how much the dictionary word nearest to the sentence must lead the next."""
_LONGEST_STRETCH = 8
_DICTIONARY_WORDS = 6
"""Of a word's Chinese so many, the commonest, are compared with the sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    start: int
    word: str
    rank: tuple[float, ...]


class Glosser:
    """Chooses Chinese for found items.

    ``english`` and ``chinese`` are the talk's sentences, ``aligned`` the Chinese ones of each English
    one; ``extra`` has more Chinese by lower-case English (ECDICT), and ``extra_name`` its source.
    """

    def __init__(
        self,
        english: Sequence[Sentence],
        chinese: Sequence[Sentence],
        aligned: Mapping[int, Span],
        *,
        cedict: Cedict,
        embedder: Embedder,
        extra: Mapping[str, Sequence[str]],
        extra_name: str,
    ) -> None:
        self._english = english
        self._chinese = chinese
        self._aligned = aligned
        self._cedict = cedict
        self._embedder = embedder
        self._extra = extra
        self._extra_name = extra_name

    def choose(self, items: Sequence[Found]) -> list[tuple[Gloss | None, tuple[Occurrence, ...]]]:
        """For each item its gloss, if any is known, and where its Chinese stands in the translation."""
        chosen = [self._in_translation(item) for item in items]
        open_ = [i for i, (gloss, _) in enumerate(chosen) if gloss is None]
        for i, found in zip(open_, self._by_embedding([items[i] for i in open_]), strict=True):
            chosen[i] = found
        for i, item in enumerate(items):
            if chosen[i][0] is None:
                chosen[i] = (self._from_dictionary(item), ())
        self._settle([(i, items[i]) for i in open_], chosen)
        return chosen

    def _in_translation(self, item: Found) -> tuple[Gloss | None, tuple[Occurrence, ...]]:
        """Chinese known for the item, or explained by it, that stands in an aligned sentence."""
        if not ITEM_KINDS[item.kind].is_wording:  # is explained, not translated
            return Gloss(text="；".join(item.chinese), language="zh", source=item.source), ()
        known = _alternatives(item.chinese)
        listed = self._dictionary(item)
        for sentence in self._sentences(item):
            text = self._chinese[sentence].text
            for words, source in ((known, item.source), *listed):
                at = _longest_in(text, words)
                if at:
                    start, word = at
                    return self._found(sentence, start, word, f"{source}, {IN_TRANSLATION}")
            if item.kind in {"word", "term"} and not item.chinese:
                at = self._explained(item, text)
                if at:
                    return self._found(sentence, *at, f"{CEDICT}, {IN_TRANSLATION}")
        if item.chinese:
            return Gloss(text="；".join(item.chinese[:2]), language="zh", source=item.source), ()
        return None, ()

    def _found(
        self, sentence: int, start: int, word: str, source: str
    ) -> tuple[Gloss, tuple[Occurrence, ...]]:
        at = Occurrence(language="zh", sentence=sentence, span=Span(start=start, end=start + len(word)))
        return Gloss(text=word, language="zh", source=source), (at,)

    def _sentences(self, item: Found) -> list[int]:
        """The Chinese sentences aligned to the item's places, first ones first."""
        return list(dict.fromkeys(i for place in item.places for i in self._aligned.get(place.sentence, ())))

    def _dictionary(self, item: Found) -> list[tuple[list[str], str]]:
        """What dictionaries say, the user's own first."""
        names = dict.fromkeys((item.lemma.lower(), item.head.lower()))
        extra = [word for name in names for word in self._extra.get(name, ())]
        cedict = [word for name in names for word in self._cedict.chinese(name)]
        return [(extra, self._extra_name), (cedict, CEDICT)]

    def _explained(self, item: Found, text: str) -> tuple[int, str] | None:
        """The word of a Chinese text whose definitions come nearest to naming the item."""
        lemma = item.lemma.lower()
        words = self._cedict.words_in(text)
        best: _Candidate | None = None
        for start, word in words:
            if len(word) == 1 and word in _FUNCTION:
                continue
            definitions = self._cedict.definitions(word)
            fit = max((_names(definition, lemma) for definition in definitions), default=0.0)
            if fit <= 0 or (len(word) == 1 and fit < 1):
                continue
            rank = (fit, len(word), chinese_frequency(word))
            if best is None or rank > best.rank:
                best = _Candidate(start=start, word=word, rank=rank)
        if best is None:
            return None
        if len(best.word) == 1:
            # Part of a longer word there, as 雅 in 优雅, it is that word which says it.
            at = best.start
            around = [(i, word) for i, word in words if i <= at < i + len(word) and len(word) > 1]
            return max(around, key=lambda found: len(found[1]), default=(at, best.word))
        return best.start, best.word

    def _by_embedding(self, items: Sequence[Found]) -> list[tuple[Gloss | None, tuple[Occurrence, ...]]]:
        """Stretches of the aligned sentence that mean the same as the item."""
        stretches = [
            [(i, *stretch) for i in self._sentences(item)[:2] for stretch in self._stretches(i)]
            if item.kind in {"term", "word"}
            else []
            for item in items
        ]
        texts = list(dict.fromkeys(text for found in stretches for *_, text in found))
        heads = [item.head for item in items]
        rows = self._embedder.encode([*heads, *texts]) if texts else np.zeros((0, 1), dtype=np.float32)
        place = {text: len(heads) + i for i, text in enumerate(texts)}
        chosen: list[tuple[Gloss | None, tuple[Occurrence, ...]]] = []
        for i, found in enumerate(stretches):
            best: tuple[float, int, int, str] | None = None
            for sentence, start, text in found:
                if " " in heads[i] and len(text) < _SHORTEST_FOR_PHRASE:
                    continue
                cosine = float(rows[i] @ rows[place[text]])
                if cosine >= _SIMILAR and (best is None or cosine > best[0]):
                    best = (cosine, sentence, start, text)
            if best:
                _, sentence, start, text = best
                chosen.append(self._found(sentence, start, text, f"{self._embedder.name}, {IN_TRANSLATION}"))
            else:
                chosen.append((None, ()))
        return chosen

    def _stretches(self, sentence: int) -> list[tuple[int, str]]:
        """One to four neighbouring dictionary words of a Chinese sentence, as cut by longest match."""
        text = self._chinese[sentence].text
        made = []
        for run in _HAN_RUN.finditer(text):
            edges = [run.start()]
            while edges[-1] < run.end():
                at = edges[-1]
                lengths = range(min(4, run.end() - at), 1, -1)
                edges.append(at + next((n for n in lengths if text[at : at + n] in self._cedict), 1))
            for first, start in enumerate(edges[:-1]):
                for end in edges[first + 1 : first + 5]:
                    if 2 <= end - start <= _LONGEST_STRETCH and not {text[start], text[end - 1]} & _FUNCTION:
                        made.append((start, text[start:end]))
        return made

    def _from_dictionary(self, item: Found) -> Gloss | None:
        for words, source in self._dictionary(item):
            if words:
                commonest = list(dict.fromkeys(words))[:2]
                return Gloss(text="；".join(commonest), language="zh", source=f"{source}, commonest")
        return None

    def _settle(
        self,
        items: Sequence[tuple[int, Found]],
        chosen: list[tuple[Gloss | None, tuple[Occurrence, ...]]],
    ) -> None:
        """Where the dictionary has several words and one is clearly nearest to the sentence, take it."""
        asked = []
        for i, item in items:
            gloss, places = chosen[i]
            words = next((words for words, _ in self._dictionary(item) if words), [])
            if gloss and not places and len(words) > 1:
                asked.append((i, item, words[:_DICTIONARY_WORDS]))
        texts = [
            text for _, item, words in asked for text in (self._english[item.places[0].sentence].text, *words)
        ]
        rows = iter(self._embedder.encode(texts)) if texts else iter(())
        for i, _, words in asked:
            sentence = next(rows)
            cosines = sorted(((float(sentence @ next(rows)), word) for word in words), reverse=True)
            gloss = chosen[i][0]
            assert gloss
            if cosines[0][0] - cosines[1][0] >= _CLEARLY:
                source = gloss.source.replace("commonest", "nearest to the sentence")
                chosen[i] = (Gloss(text=cosines[0][1], language="zh", source=source), ())


def _alternatives(chinese: Sequence[str]) -> list[str]:
    """``"有点；某种程度上"`` and the like as single words that a sentence may hold."""
    words = [
        piece.strip() for text in chinese for piece in re.split(r"[；，、;,/]|……|…", _REMARK.sub("", text))
    ]
    return [word for word in words if len(word) >= 2]


def _longest_in(text: str, words: Sequence[str]) -> tuple[int, str] | None:
    """The longest of ``words`` in ``text``; single characters do not count."""
    found = [(text.find(word), word) for word in words if len(word) >= 2 and word in text]
    return max(found, key=lambda match: len(match[1]), default=None)


def _names(definition: str, lemma: str) -> float:
    """How nearly a definition names a word: 1 is the word itself, 0 not at all."""
    if definition == lemma:
        return 1.0
    words = re.findall(r"[a-z]+(?:[-'][a-z]+)*", definition)
    if lemma in words or (" " in lemma and lemma in definition):
        return 0.8 / max(1, len(words) - len(lemma.split()))
    if len(words) <= 2 and any(_same_family(word, lemma) for word in words):
        return 0.3 / len(words)
    return 0.0


def _same_family(a: str, b: str) -> bool:
    """``regurgitate`` and ``regurgitation``: a long common beginning."""
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= 5 and shared >= 0.7 * max(len(a), len(b))
