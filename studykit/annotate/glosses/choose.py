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
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from studykit.annotate.glosses.affinity import Own, plain_senses
from studykit.annotate.glosses.aligner import Aligner, Link, Wanted
from studykit.annotate.glosses.doubt import OWN, is_unsure, is_weak, own_gloss, own_words
from studykit.annotate.glosses.guess import dictionary_words, guess_all, means_one_thing
from studykit.annotate.glosses.units import core
from studykit.annotate.tagger import Embedder
from studykit.annotate.vocabulary.candidate import Found, Place
from studykit.annotate.vocabulary.listed.marker_use import load_marker_use
from studykit.lexicon.dictionary import CEDICT, Cedict
from studykit.lexicon.pinyin import word_edges
from studykit.lexicon.supplement import without_hints
from studykit.types import Alignment, Gloss, Occurrence, Sentence, Span, Token
from studykit.types.kinds import ITEM_KINDS

__all__ = ["IN_TRANSLATION", "Chosen", "Glosser"]

IN_TRANSLATION = "in the translation"

Chosen = tuple[Gloss | None, tuple[Occurrence, ...]]
"""A gloss, if any is known, and where its Chinese stands in the translation."""

_OPEN = re.compile(r"…+")
_SENTENCE_GOES_ON = re.compile(r"[\w,;’')] ?$")
_SENSES_SHOWN, _MANY_SENSES = 2, 4
"""Of so many senses none is taken by its place in the list."""
_TOLD_APART = {"NOUN", "VERB", None}
"""Parts of speech that CC-CEDICT knows."""
_PHRASES = {"expression", "idiom", "phrasal_verb"}
"""Kinds whose Chinese our list knows; the translation may say it otherwise."""
_NEARLY, _NEARLY_OF_SEVERAL, _ALWAYS = 0.7, 0.8, 2.0
"""Least cosine of Chinese that a translation has to what is printed, for this not to be a guess; where our
list has more than one sense; and where it is one in any case."""


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
        self._tagged = tagged

    def choose(self, items: Sequence[Found]) -> list[Chosen]:
        """For each item its gloss and where in the translation it stands."""
        chosen: list[Chosen] = [self._known(item) for item in items]
        open_ = [
            i
            for i, (item, (gloss, _)) in enumerate(zip(items, chosen, strict=True))
            if self._may_link(item, gloss) and self._sentences(item)
        ]
        wanted = [self._wanted(items[i]) for i in open_]
        aligner = Aligner(
            self._english,
            self._tagged,
            self._chinese,
            self._beads,
            cedict=self._cedict,
            embedder=self._embedder,
            own=self._own,
            known={text for item in wanted for text in item.known},
        )
        links = aligner.link(wanted)
        for i, link in zip(open_, links, strict=True):
            # A word left in English has no Chinese there: 文件 in "README 文件" says nothing of it.
            if link and (link.listed or not self._left_in_english(items[i])):
                weak = items[i].kind == "word" and is_weak(items[i], link, self._own)
                own = own_gloss(items[i], link, self._own, self._embedder) if weak else None
                chosen[i] = (own, ()) if own else self._linked(items[i], link, weak=weak)
        for i, guess in self._doubtful(items, chosen, aligner):
            chosen[i] = guess
        left = [i for i in open_ if chosen[i][0] is None and not self._left_in_english(items[i])]
        for i, gloss in zip(left, self._own_guesses([items[i] for i in left], aligner), strict=True):
            chosen[i] = (gloss, ())
        unsaid = [i for i, (gloss, _) in enumerate(chosen) if gloss is None and not self._sentences(items[i])]
        for i, gloss in zip(unsaid, self._guesses([items[i] for i in unsaid]), strict=True):
            chosen[i] = (gloss, ())
        return chosen

    def _doubtful(
        self, items: Sequence[Found], chosen: Sequence[Chosen], aligner: Aligner
    ) -> list[tuple[int, Chosen]]:
        """Glosses of which nothing shows that they are right where they are printed, marked as guesses.

        So are phrases of which the translation says nothing near, whatever is only said at later places,
        and phrasal verbs of which it says nothing or that list several senses. Of these none is
        preferred: the sense nearest to the sentence was the wrong one as often as not.
        """
        asked = []
        for i, (item, (gloss, at)) in enumerate(zip(items, chosen, strict=True)):
            if gloss is None or gloss.guess:
                continue
            here = self._aligned.get(item.places[0].sentence)
            if not at and self._may_mislead(item):
                several = "；" in gloss.text
                always = item.kind == "phrasal_verb" and several
                least = _ALWAYS if always else _NEARLY_OF_SEVERAL if several else _NEARLY
                asked.append((i, {place.sentence for place in item.places}, _pieces(item), least))
            elif here and at and not any(o.sentence in here for o in at) and self._may_differ(item, gloss):
                asked.append((i, {item.places[0].sentence}, [gloss.text], _NEARLY))
        near = aligner.near([(sentences, texts) for _, sentences, texts, _ in asked])
        return [
            (i, (replace(gloss, guess=True), at))
            for (i, _, _, least), cosine in zip(asked, near, strict=True)
            for gloss, at in [chosen[i]]
            if gloss and cosine < least and (self._sentences(items[i]) or least == _ALWAYS)
        ]

    def _may_mislead(self, item: Found) -> bool:
        """Whether the words of an item may mean something else than it does, literally what they say."""
        if item.unmistakable or item.lemma in load_marker_use().forms:
            return False
        return item.kind in {*_PHRASES, "misread"}

    def _may_differ(self, item: Found, gloss: Gloss) -> bool:
        """Whether what the translation says for an item elsewhere may be another sense than where it is
        printed: not of a glossary term, a phrase that cannot be mistaken or a word that means one thing."""
        if item.source == "glossary" or item.unmistakable:
            return False
        senses = plain_senses(self._own.any(item.lemma.lower())) if item.kind == "word" else ()
        return gloss.text not in senses or not means_one_thing([senses], self._embedder)[0]

    def _own_guesses(self, items: Sequence[Found], aligner: Aligner) -> list[Gloss | None]:
        """What our own dictionary says of items that the translation leaves out or says otherwise.

        Of a word with several meanings nothing, except of adverbs, which have few. What means one thing is
        no guess if it is an adverb or the translation says nearly that.
        """
        asked = []
        for item in items:
            senses = [
                plain
                for sense in self._own.senses(item.lemma.lower(), item.upos)
                if (plain := without_hints(sense))
            ]
            asked.append(([] if self._is_name(item) else senses, item.upos == "ADV"))
        single = means_one_thing([senses for senses, _ in asked], self._embedder)
        near = aligner.near(
            [
                ({place.sentence for place in item.places}, [core(sense) for sense in senses])
                for item, (senses, _) in zip(items, asked, strict=True)
            ]
        )
        return [
            own_words(senses, guess=not one or not (adverb or cosine >= _NEARLY))
            if senses and (adverb or one)
            else None
            for (senses, adverb), one, cosine in zip(asked, single, near, strict=True)
        ]

    def _left_in_english(self, item: Found) -> bool:
        """Whether the translation has the English word itself: a name, most often."""
        place = item.places[0]
        form = self._english[place.sentence].text[place.span.start : place.span.end].lower()
        return any(form in self._chinese[i].text.lower() for i in self._sentences(item))

    def _may_link(self, item: Found, gloss: Gloss | None) -> bool:
        """Whether the translation may know better: nothing is known, or something that it does not say."""
        if item.kind in _PHRASES:
            if " " not in item.head or item.lemma in load_marker_use().forms:
                return False  # a marker has no word of its own in a translation
            if item.chinese and all(_OPEN.search(text.strip("…")) for text in item.chinese):
                return False  # 从……提取 stands in two parts, of which no run of words is the whole
            return gloss is None or not gloss.source.endswith(IN_TRANSLATION)
        return gloss is None and item.kind in {"word", "term"}

    def _known(self, item: Found) -> Chosen:
        """Chinese that comes with an item: as the translation has it, else as it is listed."""
        if not item.chinese:
            return None, ()
        if not ITEM_KINDS[item.kind].is_wording:  # is explained, not translated
            return Gloss(text="；".join(item.chinese), language="zh", source=item.source), ()
        found = self._standing(item)
        if found:
            # The form that most places have; of two, the longer.
            counts = Counter(text for text, _ in found)
            text = max(counts, key=lambda text: (counts[text], len(text)))
            at = tuple(place for other, place in found if other == text)
            return Gloss(text=text, language="zh", source=f"{item.source}, {IN_TRANSLATION}"), at
        return Gloss(text="；".join(item.chinese[:2]), language="zh", source=item.source), ()

    def _standing(self, item: Found) -> list[tuple[str, Occurrence]]:
        """Where an aligned sentence has Chinese that comes with the item, in whole words.

        Of each sentence one: what is listed first, then the longest, then the one that stands as far on.
        What says less than the whole, 提取 of 从……提取, does not count.
        """
        listed = _alternatives(item.chinese)
        opened = [text for text in item.chinese if _OPEN.search(text)]
        words = [*listed, *(word for word in _alternatives(item.also) if not any(word in o for o in opened))]
        found = []
        for i, place in self._first_places(item).items():
            text = self._chinese[i].text
            edges = word_edges(text)
            far = place.span.start / len(self._english[place.sentence].text)
            there = [
                (word in listed, len(word), -abs(far - start / len(text)), start, word)
                for word in words
                for start in _starts(word, text)
                if {start, start + len(word)} <= edges
            ]
            if there:
                *_, start, word = max(there)
                span = Span(start=start, end=start + len(word))
                found.append((word, Occurrence(language="zh", sentence=i, span=span)))
        return found

    def _sentences(self, item: Found) -> list[int]:
        """The Chinese sentences aligned to the item's places, first ones first."""
        return list(self._first_places(item))

    def _first_places(self, item: Found) -> dict[int, Place]:
        """The same, each with the first place that it translates."""
        first: dict[int, Place] = {}
        for place in item.places:
            for i in self._aligned.get(place.sentence, ()):
                first.setdefault(i, place)
        return first

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

    def _linked(self, item: Found, link: Link, *, weak: bool) -> Chosen:
        at = tuple(Occurrence(language="zh", sentence=i, span=span) for i, span in link.places)
        # 剔 stands for 剔除, which says more.
        whole = next((text for text in _alternatives(item.chinese) if link.text in text), None)
        if whole and len(link.text) == 1:
            return Gloss(text=whole, language="zh", source=f"{item.source}, {IN_TRANSLATION}"), at
        source = f"{CEDICT if link.listed else self._embedder.name}, {IN_TRANSLATION}"
        guess = weak or is_unsure(link) or (item.kind in _PHRASES and not link.listed)
        return Gloss(text=link.text, language="zh", source=source, guess=guess), at

    def _guesses(self, items: Sequence[Found]) -> list[Gloss | None]:
        """What dictionaries say of items in a talk without a translation.

        Ours knows the order of senses in talks, so its first two are given as they stand; of the others
        the sense that fits the sentence, if one leads. Names are not guessed.
        """
        asked, sources = [], []
        for item in items:
            words, source = ([], "") if self._is_name(item) else self._in_dictionaries(item)
            sources.append(source)
            asked.append((item.lemma, self._english[item.places[0].sentence].text, words))
        chosen = guess_all(asked, self._embedder)
        made = []
        for (_, _, words), text, source in zip(asked, chosen, sources, strict=True):
            shown = "；".join(words[:_SENSES_SHOWN]) if source == OWN and len(words) < _MANY_SENSES else text
            made.append(
                Gloss(text=shown, language="zh", source=f"{source}, a guess", guess=True) if shown else None
            )
        return made

    def _in_dictionaries(self, item: Found) -> tuple[list[str], str]:
        """The Chinese of the first dictionary that has an item, and its name.

        Ours as another part of speech where nothing has this one: taggers slip, but not on *waging*.
        """
        lemma = item.lemma.lower()
        if mine := self._listed(item):
            return mine, self._extra_name
        if own := self._own.senses(lemma, item.upos):
            return list(own), OWN
        # Turned around, CC-CEDICT names things well and acts badly: jerk 痉挛, oversell 超卖.
        words = [] if item.upos == "VERB" else dictionary_words(self._cedict, lemma, item.upos)
        other = () if item.upos == "VERB" and self._is_inflected(item) else self._own.any(lemma)
        if other and (item.upos not in _TOLD_APART or not words):
            return list(dict.fromkeys(other)), OWN
        return words, CEDICT

    def _is_inflected(self, item: Found) -> bool:
        place = item.places[0]
        form = self._english[place.sentence].text[place.span.start : place.span.end].lower()
        return form != item.lemma.lower() and form.endswith(("ed", "ing"))

    def _is_name(self, item: Found) -> bool:
        """Whether a word is written with a capital wherever it stands inside a sentence."""
        inside = []
        for place in item.places:
            text = self._english[place.sentence].text
            if _SENTENCE_GOES_ON.search(text[: place.span.start]):
                inside.append(text[place.span.start].isupper())
        return bool(inside) and all(inside)


def _starts(word: str, text: str) -> Iterator[int]:
    """Where a word begins in a text, without overlap."""
    return (found.start() for found in re.finditer(re.escape(word), text))


def _alternatives(chinese: Sequence[str]) -> list[str]:
    """``"有点；某种程度上"`` and the like as single words that a sentence may hold."""
    pieces = [piece.strip() for text in chinese for piece in re.split(r"[；，、;,/]", without_hints(text))]
    # 在……方面 stands in a sentence with something between: its parts alone say less than it does.
    return [piece for piece in pieces if len(piece) >= 2 and not _OPEN.search(piece.strip("…"))]


def _pieces(item: Found) -> list[str]:
    """What known Chinese says beside its gaps: 区分开 of 把……与……区分开."""
    texts = re.split(r"[；，、;,/…]+", "；".join(map(without_hints, (*item.chinese, *item.also))))
    return list(dict.fromkeys(core(text.strip()) for text in texts if len(text.strip()) >= 2))
