"""A small talk of our own, from sentences to ranked items with the Chinese that fits."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from studykit import engines
from studykit.annotate import Embedder, find_terms, find_vocabulary
from studykit.annotate.glosses.affinity import Affinity, Own
from studykit.annotate.glosses.aligner import Aligner, Link
from studykit.annotate.glosses.choose import IN_TRANSLATION, Chosen, Glosser
from studykit.annotate.glosses.units import chinese_units, core
from studykit.annotate.vocabulary.candidate import Found, Place
from studykit.annotate.vocabulary.expressions import shipped_expressions
from studykit.annotate.vocabulary.finders import GLOSSARY, _names, find_items
from studykit.annotate.vocabulary.noun_phrases import is_free
from studykit.annotate.vocabulary.ranking import ranked, within_paragraphs, worth_printing
from studykit.annotate.vocabulary.study import _one_sense_once
from studykit.annotate.vocabulary.words import is_piece, is_word, word_item
from studykit.errors import FormatError, UnreadableError
from studykit.glossary import Entry, Glossary
from studykit.lexicon import known_key
from studykit.lexicon.dictionary import Cedict, load_cedict, load_ecdict
from studykit.options import VocabularyOptions
from studykit.types import (
    Alignment,
    Bead,
    CefrLevel,
    Gloss,
    ItemKind,
    Occurrence,
    Sentence,
    Span,
    StudyItem,
)
from tests.talk.small import document

ENGLISH = (
    "So I guess the reservoir, you know, was built from scratch.",
    "The engineers threw most of the original blueprints out.",
    "The tidal turbine is an elegant machine, and the tidal turbine pays for itself.",
    "Um, the reservoir leaked.",
)
CHINESE = (
    "我想这座水库是从零开始建的。",
    "工程师们把大部分原始蓝图都丢弃了。",
    "潮汐涡轮机是一台优雅的机器，而且能收回成本。",
    "水库漏水了。",
)
TURBINE = Entry(
    id="tidal-turbine",
    english="tidal turbine",
    chinese="潮汐水轮机",
    chinese_accepted=("潮汐涡轮机",),
    category="general",
    definition_en="A wheel that the tide turns.",
    definition_zh="潮水推动的轮机。",
    source="test",
)


def study(
    *,
    known: Collection[str] = (),
    level: CefrLevel = "B1",
    per_paragraph: int = 5,
    translated: bool = True,
    extra: dict[str, list[str]] | None = None,
    embedder: Embedder | None = None,
) -> dict[str, StudyItem]:
    english, chinese = document("en", ENGLISH), document("zh", CHINESE)
    glossary = Glossary([TURBINE])
    alignment = Alignment(
        source_id="en",
        target_id="zh",
        beads=tuple(
            Bead(source=Span(start=i, end=i + 1), target=Span(start=i, end=i + 1), score=1.0)
            for i in range(4)
        ),
        encoder="fake",
    )
    found = find_vocabulary(
        english,
        chinese if translated else None,
        alignment if translated else None,
        terms=find_terms({"en": english.sentences}, glossary),
        glossary=glossary,
        tagger=engines.tagger(),
        embedder=embedder or engines.encoder(),
        known={known_key(word) for word in known},
        extra=("mine", lambda words: {w: z for w, z in (extra or {}).items() if w in words}),
        options=VocabularyOptions(level=level, per_paragraph=per_paragraph),
    )
    assert len({study.item.head for study in found}) == len(found)
    return {study.item.head: study for study in found}


def gloss(study: StudyItem) -> tuple[str, str]:
    (found,) = study.item.glosses
    return found.text, found.source


def test_every_kind_is_found_with_what_the_translation_says() -> None:
    items = study()
    assert {
        items[head].item.kind for head in ("I guess", "throw out", "reservoir", "tidal turbine", "um / uh")
    } == {*("expression", "phrasal_verb", "word", "term", "grammar")}
    assert gloss(items["tidal turbine"]) == ("潮汐涡轮机", f"glossary, {IN_TRANSLATION}")
    assert gloss(items["throw out"]) == ("丢弃", f"studykit, {IN_TRANSLATION}")
    assert gloss(items["elegant"])[0] == "优雅"
    assert gloss(items["reservoir"]) == ("水库", f"CC-CEDICT, {IN_TRANSLATION}")


def test_the_chinese_that_was_found_is_an_occurrence() -> None:
    item = study()["throw out"].item
    (said, translated) = item.occurrences
    assert ENGLISH[1][said.span.start : said.span.end] == "threw most of the original blueprints out"
    assert (translated.language, translated.sentence) == ("zh", 1)
    assert CHINESE[1][translated.span.start : translated.span.end] == "丢弃"


def test_an_item_comes_once_with_all_its_places() -> None:
    items = study()
    assert [at.sentence for at in items["reservoir"].item.occurrences if at.language == "en"] == [0, 3]
    assert "turbine" not in items  # part of a term


def test_without_a_translation_dictionaries_say_that_they_guess() -> None:
    items = study(translated=False)
    (guessed,) = items["leak"].item.glosses
    assert guessed.guess
    assert guessed.source.endswith("a guess")
    assert "漏" in guessed.text
    assert gloss(items["tidal turbine"]) == ("潮汐水轮机；潮汐涡轮机", "glossary")


def test_a_users_dictionary_comes_first() -> None:
    items = study(translated=False, extra={"reservoir": ["蓄水池"]})
    assert gloss(items["reservoir"]) == ("蓄水池", "mine, a guess")


def test_a_name_is_no_word_though_it_begins_a_sentence() -> None:
    tagged = engines.tagger().tag(
        ["Accelerate does it for you.", "You install Accelerate first.", "Bridges accelerate.", "Ponder it."]
    )
    assert _names(tagged[:2]) == {"Accelerate"}
    assert _names(tagged[:3]) == set()
    assert _names(tagged[3:]) == set()


def listed(*sentences: str) -> dict[str, Found]:
    """What finders find in the sentences, by head."""
    said = document("en", sentences)
    tagged = engines.tagger().tag(list(sentences))
    found = find_items(
        said.sentences, tagged, terms=(), glossary=Glossary([]), expressions=shipped_expressions()
    )
    return {item.head: item for item in found}


def test_a_verb_has_one_meaning_where_all_its_places_do() -> None:
    first, second = "She picked up the phone.", "He picked up his son from school."
    assert listed(first)["pick up"].chinese == ("拿起；捡起",)
    assert listed(second)["pick up"].chinese == ("接（人）",)
    assert listed(first, second)["pick up"].chinese == listed("She picked it up.")["pick up"].chinese
    assert "拾起；学会；接（人）" in listed(first)["pick up"].also


def test_of_phrases_inside_longer_ones_only_those_of_a_dictionary_count() -> None:
    assert "intellectual property" in listed("We study intellectual property laws.")
    assert "tidal pump" not in listed("They wrote tidal pump manuals.", "We lost the tidal pump manuals.")


def test_an_expression_is_no_term_as_well() -> None:
    said = document("en", ["This was a side effect of the training.", "It had a side effect, too."])
    tagged = engines.tagger().tag([sent.text for sent in said.sentences])
    items = find_items(
        said.sentences, tagged, terms=(), glossary=Glossary([]), expressions=shipped_expressions()
    )
    assert [item.kind for item in items if item.head == "side effect"] == ["expression"]


@pytest.mark.parametrize(
    ("text", "word", "prefixed"),
    [
        ("They may re-offend soon.", "offend", True),
        ("A non-linear function.", "linear", True),
        ("A well-known author - re your mail.", "known", False),
        ("They may offend you.", "offend", False),
        ("The post - author unknown.", "author", False),
        ("We saw hyper-growth.", "hyper", True),
        ("They kept DM-ing us.", "ing", True),
    ],
)
def test_a_word_tied_to_a_prefix_is_another_word(text: str, word: str, prefixed: bool) -> None:
    (tokens,) = engines.tagger().tag([text])
    (at,) = (i for i, token in enumerate(tokens) if token.text == word)
    assert is_piece(tokens, at) == prefixed


@pytest.mark.parametrize(
    ("text", "lemma", "upos"),
    [
        ("The analytics of the farm are poor.", "analytics", "NOUN"),
        ("It had a ripple effect.", "ripple", "NOUN"),
        ("The gutted house burnt.", "gut", "VERB"),
        ("The ships grew larger and the pilots bolder.", "bold", "ADJ"),
        ("They were born traders.", "born", "ADJ"),
        ("A murmur ran through the hall.", "murmur", "NOUN"),
        ("The incident responders arrived.", "responder", "NOUN"),
        ("The fitness junkies love it.", "junkie", "NOUN"),
        ("It was groundbreaking in many ways.", "groundbreaking", "ADJ"),
        ("They wiped the underlying disk.", "underlying", "ADJ"),
        ("The corresponding keys are lost.", "corresponding", "ADJ"),
        ("The wiped disk is empty.", "wipe", "VERB"),
    ],
)
def test_words_have_the_form_and_the_part_of_speech_of_the_dictionary(
    text: str, lemma: str, upos: str
) -> None:
    tagged = engines.tagger().tag([text])
    assert (lemma, upos) in {(item.lemma, item.upos) for item in map(word_item, tagged[0])}


def test_abbreviations_are_no_words() -> None:
    (tokens,) = engines.tagger().tag(["The SaaS model is a useful model."])
    assert {token.text for token in tokens if is_word(token)} == {"model", "useful"}


def test_known_items_are_left_out_however_spelt() -> None:
    assert {"I guess", "reservoir"} & set(study()) == {"I guess", "reservoir"}
    assert not {"I guess", "reservoir"} & set(study(known=["i  GUESS", "Reservoir"]))


def test_a_word_that_no_dictionary_knows_is_not_taught() -> None:
    said = "The aai model is scalable and the tgt holds heo, said the reservoir."
    english = document("en", [said])
    heads = {
        found.item.head
        for found in find_vocabulary(
            english,
            document("zh", ["模型就是这样。"]),
            Alignment(
                source_id="en",
                target_id="zh",
                beads=(Bead(source=Span(start=0, end=1), target=Span(start=0, end=1), score=1.0),),
                encoder="fake",
            ),
            terms=(),
            glossary=Glossary([]),
            tagger=engines.tagger(),
            embedder=engines.encoder(),
        )
    }
    assert "scalable" in heads  # no Chinese either, but a word
    assert heads.isdisjoint({"aai", "tgt", "heo"})


def test_the_level_decides_what_is_too_easy() -> None:
    easy, hard = study(level="A1"), study(level="C1")
    assert "machine" in easy
    assert "machine" not in hard
    assert "I guess" not in hard
    assert "tidal turbine" in hard  # terms are not a matter of level


def test_a_handful_per_paragraph() -> None:
    items = study(per_paragraph=2)
    printed = [study for study in items.values() if study.item.glosses and not study.in_glossary]
    shown = [study for study in printed if not (study.crowded or study.minor)]
    assert len(shown) == 2
    order = list(items.values())
    assert [study.crowded for study in order] == sorted(study.crowded for study in order)
    with pytest.raises(ValueError, match="per_paragraph must be at least 0"):
        VocabularyOptions(per_paragraph=-1)


def made(
    head: str, *, kind: ItemKind = "word", zipf: float = 3.0, places: int = 1, sentence: int = 0
) -> Found:
    place = Place(sentence=sentence, span=Span(start=0, end=1))
    return Found(
        head=head,
        kind=kind,
        lemma=head,
        upos=None,
        level="B2",
        level_value=4.0,
        zipf=zipf,
        places=[place] * places,
    )


def test_hard_and_repeated_items_come_first_and_slips_last() -> None:
    easy, hard, repeated = made("lonnish"), made("drenth"), made("aroule", places=6)
    slip = made("frupe", zipf=1.6)
    for item, value in ((easy, 3.0), (hard, 5.0), (repeated, 5.0), (slip, 4.0)):
        item.level_value = value
    order = [item.head for item, _ in ranked([slip, easy, hard, repeated], level="B1", known=set())]
    assert order[:2] == [repeated.head, hard.head]
    assert order.index(slip.head) > 1


def test_words_that_such_talks_are_full_of_come_later() -> None:
    heard, unheard = made("layer"), made("lonnish")
    order = [item.head for item, _ in ranked([heard, unheard], level="B1", known=set())]
    assert order == ["lonnish", "layer"]


def test_a_word_counts_once_though_it_is_two_parts_of_speech() -> None:
    noun, verb, other = made("drenth"), made("drenth"), made("drenthed")
    noun.upos, verb.upos, other.upos = "NOUN", "NOUN", "NOUN"
    scores = [score for _, score in ranked([noun, verb, other], level="B1", known=set())]
    assert scores[0] - scores[-1] == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize(("form", "loss"), [("drenthing", 1.5), ("drenthed", 1.5), ("drenthish", 0.0)])
def test_a_form_of_a_verb_that_stands_before_is_set_back(form: str, loss: float) -> None:
    scores = {"drenth": 1.0, form: 0.5}
    kept = ranked(
        [made(word) for word in scores], level="B1", known=set(), score=lambda item, _: scores[item.head]
    )
    assert [score for _, score in kept] == [1.0, 0.5 - loss]


def test_beginners_are_shown_what_everybody_says_and_others_are_not() -> None:
    common, rare = made("of course", kind="expression", places=20), made("lonnish")
    common.level, common.level_value = "A2", 2.0
    rare.level_value = 5.0
    both: tuple[CefrLevel, ...] = ("A1", "B1")
    beginner, learner = (
        {item.head: score for item, score in ranked([common, rare], level=level, known=set())}
        for level in both
    )
    assert "of course" not in learner
    assert beginner["of course"] > beginner["lonnish"]
    assert worth_printing(-3.0, "A2")
    assert not worth_printing(-3.0, "B2")


@pytest.mark.parametrize(
    ("better", "other", "chinese", "loss"),
    [
        ("and stuff like that", "stuff like that", "之类的东西", 1.5),
        ("turn sth into", "turn into", "变成", 1.5),
        ("end up", "end up with", "最终得到", 1.5),
        ("make up", "make up for", "弥补", 0.0),
        ("you know", "you know what", "你知道", 0.0),
    ],
)
def test_a_phrase_in_another_form_is_set_back(better: str, other: str, chinese: str, loss: float) -> None:
    first, second = made(better, kind="expression"), made(other, kind="expression")
    first.chinese = ("编造；组成",) if better == "make up" else (f"把……{chinese}",)
    second.chinese = (chinese,)
    scores = {better: 1.0, other: 0.5}
    kept = ranked([first, second], level="B1", known=set(), score=lambda item, _: scores[item.head])
    assert [score for _, score in kept] == [1.0, 0.5 - loss]


@pytest.mark.parametrize("kind", ["grammar", "frame"])
def test_one_item_in_twenty_is_grammar_and_one_a_frame(kind: str) -> None:
    def point(i: int) -> Found:
        item = made(f"point {i}", kind="grammar" if kind == "grammar" else "expression", sentence=i)
        item.listed_in = "frames" if kind == "frame" else ""
        return item

    words = [made(f"word {i}", sentence=i) for i in range(50)]
    scores = {item.head: -0.1 * i for i, item in enumerate(words)}
    listed = ranked(
        [*words, *(point(i) for i in range(4))],
        level="B1",
        known=set(),
        score=lambda item, _: scores.get(item.head, -9.0 - len(item.head)),
    )
    places = [i for i, (item, _) in enumerate(listed) if item.head.startswith("point")]
    assert places == [19, 39, 52, 53]
    assert [score for _, score in listed] == sorted((score for _, score in listed), reverse=True)


def entry(upos: str, text: str, sentence: int, *, said: bool = False) -> tuple[Found, Chosen]:
    """The word "nudge" as a part of speech, said in one sentence, and its Chinese."""
    item = made("nudge")
    item.upos, item.places = upos, [Place(sentence=sentence, span=Span(start=0, end=5))]
    at = (Occurrence(language="zh", sentence=sentence, span=Span(start=0, end=2)),) if said else ()
    return item, (Gloss(text=text, language="zh", source="x", guess=not said), at)


def test_a_word_whose_parts_of_speech_mean_alike_is_one_item_with_all_places() -> None:
    noun, verb = entry("NOUN", "轻推；提醒", 3), entry("VERB", "推动", 1)
    ((item, score),), ((gloss, at),) = _one_sense_once([(noun[0], 1.0), (verb[0], 0.5)], [noun[1], verb[1]])
    assert (item.upos, score, item.note) == ("NOUN", 1.0, "文中也作动词")
    assert [place.sentence for place in item.places] == [1, 3]
    assert gloss is not None
    assert (gloss.text, at) == ("轻推；提醒", ())


def test_a_part_of_speech_that_our_dictionary_does_not_know_is_not_remarked_on() -> None:
    entries = [entry("NOUN", "网络钓鱼", 0), entry("VERB", "网络钓鱼", 1)]
    for item, _ in entries:
        item.head = item.lemma = "phishing"
    ((item, _),), _ = _one_sense_once([(item, 0.0) for item, _ in entries], [got for _, got in entries])
    assert item.note is None
    assert len(item.places) == 2


def test_of_two_parts_of_speech_the_one_that_the_translation_says_is_shown() -> None:
    noun, verb = entry("NOUN", "轻推", 3), entry("VERB", "推动", 1, said=True)
    ((item, score),), ((gloss, at),) = _one_sense_once([(noun[0], 1.0), (verb[0], 0.5)], [noun[1], verb[1]])
    assert gloss is not None
    assert (item.upos, score, gloss.text, len(at)) == ("VERB", 1.0, "推动", 1)


@pytest.mark.parametrize(
    ("head", "noun", "verb"),
    [
        ("scale", "规模", "缩放"),
        ("record", "记录", "记录"),
        ("finance", "金融；财务", "资助；提供资金"),
    ],
)
def test_a_word_that_means_or_sounds_differently_is_two_items(head: str, noun: str, verb: str) -> None:
    entries = [entry("NOUN", noun, 0), entry("VERB", verb, 1)]
    for item, _ in entries:
        item.head = head
    kept, _ = _one_sense_once([(item, 0.0) for item, _ in entries], [chosen for _, chosen in entries])
    assert [item.upos for item, _ in kept] == ["NOUN", "VERB"]


def test_what_stands_inside_a_better_item_is_not_listed_again() -> None:
    phrase, part, elsewhere = made("web page", kind="term"), made("page"), made("web")
    phrase.places = [Place(sentence=0, span=Span(start=0, end=8))]
    part.places = [Place(sentence=0, span=Span(start=4, end=8))]
    elsewhere.places = [*part.places, Place(sentence=1, span=Span(start=0, end=3))]
    listed = ranked([phrase, part, elsewhere], level="B1", known=set())
    assert {item.head for item, _ in listed} == {"web page", "web"}


def test_a_word_inside_a_dictionarys_term_alone_is_learnt_with_it() -> None:
    """Even if it is the better one; *glass* is also said by itself."""
    glass, inner, part = made("magnifying glass", kind="term"), made("magnifying"), made("glass")
    glass.in_dictionary = True
    glass.places = [
        Place(sentence=0, span=Span(start=10, end=26)),
        Place(sentence=3, span=Span(start=0, end=16)),
    ]
    inner.places = [
        Place(sentence=0, span=Span(start=10, end=20)),
        Place(sentence=3, span=Span(start=0, end=10)),
    ]
    part.places = [
        Place(sentence=0, span=Span(start=21, end=26)),
        Place(sentence=5, span=Span(start=0, end=5)),
    ]
    worth = {"magnifying glass": 1.0, "magnifying": 3.0, "glass": 2.0}
    listed = ranked([glass, inner, part], level="B1", known=set(), score=lambda item, _: worth[item.head])
    assert [(item.head, score) for item, score in listed] == [("magnifying glass", 3.0), ("glass", 2.0)]
    glass.in_dictionary = False  # a phrase of this talk, which may be none
    listed = ranked([glass, inner, part], level="B1", known=set(), score=lambda item, _: worth[item.head])
    assert [item.head for item, _ in listed] == ["magnifying", "glass", "magnifying glass"]


def test_set_phrases_come_before_terms_that_everybody_knows() -> None:
    phrase, term = made("joined at the hip", kind="idiom"), made("model", kind="term", places=9, sentence=1)
    term.source, term.level_value = GLOSSARY, None
    assert [item.head for item, _ in ranked([term, phrase], level="B1", known=set())] == [
        phrase.head,
        "model",
    ]


def test_the_cap_counts_by_first_paragraph() -> None:
    scored = [(made(str(i), sentence=i % 2), 1.0) for i in range(5)]
    assert list(within_paragraphs(scored, {0: 0, 1: 1}.__getitem__, 2)) == [True, True, True, True, False]


NOTHING = Own(senses=lambda lemma, upos: (), any=lambda lemma: (), words=frozenset())


def holding(**senses: str) -> Own:
    """A dictionary of our own with these entries, each of any part of speech."""
    made = {lemma: tuple(text.split("；")) for lemma, text in senses.items()}
    return Own(
        senses=lambda lemma, upos: made.get(lemma, ()),
        any=lambda lemma: made.get(lemma, ()),
        words=frozenset(text for texts in made.values() for text in texts),
    )


def chosen(
    english: Sequence[str],
    chinese: Sequence[str],
    *items: Found,
    embedder: Embedder | None = None,
    own: Own = NOTHING,
) -> list[Chosen]:
    """What is chosen for ``items`` of sentences that stand in beads of one to one."""

    def sentences(texts: Sequence[str]) -> tuple[Sentence, ...]:
        return tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts))

    one = [Span(start=i, end=i + 1) for i in range(len(chinese))]
    beads = tuple(Bead(source=span, target=span, score=1.0) for span in one)
    return Glosser(
        sentences(english),
        engines.tagger().tag(english),
        sentences(chinese),
        Alignment(source_id="e", target_id="z", beads=beads, encoder="fake") if chinese else None,
        cedict=load_cedict(),
        embedder=embedder or engines.encoder(),
        extra={},
        extra_name="",
        own=own,
    ).choose(items)


def said(head: str, *sentences: str, upos: str | None = None, kind: ItemKind = "word") -> Found:
    """An item at every place where ``head`` stands."""
    item = made(head, kind=kind, places=0)
    item.upos = upos
    for i, text in enumerate(sentences):
        for at in re.finditer(head, text):
            item.places.append(Place(sentence=i, span=Span(start=at.start(), end=at.end())))
    return item


def test_a_phrase_that_no_dictionary_has_is_linked_by_its_words() -> None:
    english = ["The house has a glass door and an odd roof."]
    ((found, (at,)),) = chosen(
        english, ["这座房子有一扇玻璃门，屋顶很奇怪。"], said("glass door", *english, kind="term")
    )
    assert found
    assert found.text == "玻璃门"
    assert (at.span.start, at.span.end) == (7, 10)


def test_all_places_decide_and_words_are_not_cut() -> None:
    english = ["Their approach is old.", "Another approach failed.", "We approach the bridge."]
    chinese = ["他们的方法很老。", "另一种方法失败了。", "我们接近那座桥。"]
    noun, verb = (
        said("approach", *english[:2], upos="NOUN"),
        said("approach", "", "", english[2], upos="VERB"),
    )
    (first, places), (second, _) = chosen(english, chinese, noun, verb)
    assert first
    assert second
    assert (first.text, len(places)) == ("方法", 2)
    assert second.text == "接近"


def test_a_hedge_keeps_its_listed_chinese_whatever_the_translation_has_in_its_place() -> None:
    english = ["It's kind of like this.", "They kind of do this."]
    for head in ("kind of", "sort of"):
        spoken = [text.replace("kind of", head) for text in english]
        hedge = said(head, *spoken, kind="expression")
        hedge.chinese, hedge.source = ("有点；某种程度上",), "studykit"
        ((found, places),) = chosen(spoken, ["就是这样。", "他们这样做。"], hedge)
        assert found
        assert (found.text, places) == ("有点；某种程度上", ())


def test_what_nothing_in_the_translation_says_has_no_chinese() -> None:
    ((found, places),) = chosen(["A dumb question, perhaps."], ["也许吧。"], said("dumb", "A dumb question"))
    assert (found, places) == (None, ())


def test_english_words_compete_for_the_same_chinese() -> None:
    english = ["The boat carried salt and grain."]
    boat, grain = said("boat", *english, upos="NOUN"), said("grain", *english, upos="NOUN")
    (first, _), (second, _) = chosen(english, ["那条船运送盐和谷物。"], boat, grain)
    assert second
    assert second.text == "谷物"
    assert first is None or first.text == "船"


def test_chinese_that_another_word_wants_is_left_to_it() -> None:
    english = ["When reinstalling, tell the installation system to mount the disk."]
    item = said("mount", *english, upos="VERB")
    own = holding(mount="安装；挂载", reinstall="重新安装；安装", installation="安装")
    ((found, _),) = chosen(english, ["重新安装时告诉安装系统挂载磁盘。"], item, own=own)
    assert found
    assert found.text == "挂载"


def test_a_phrase_does_not_take_a_word_that_belongs_to_another() -> None:
    english = ["Tools for creating boot disks and partitioning your disk drive."]
    ((found, _),) = chosen(
        english, ["用于创建引导磁盘和分区的工具。"], said("disk drive", *english, kind="term")
    )
    assert found is None


def test_a_name_is_not_said_by_its_opposite() -> None:
    english = ["Press the right or left arrow key."]
    item = said("left arrow key", *english, upos="NOUN", kind="term")
    ((found, _),) = chosen(english, ["按向左或向右方向键。"], item)
    assert found is None or "右" not in found.text


def test_the_sense_at_the_first_place_is_shown() -> None:
    english = ["A text interface.", "An interface of classes.", "It has an interface of its own."]
    chinese = ["一个文本界面。", "类的一个接口。", "它有自己的接口。"]
    item = said("interface", *english, upos="NOUN")
    ((found, (at,)),) = chosen(english, chinese, item, own=holding(interface="接口；界面"))
    assert found
    assert (found.text, at.sentence) == ("界面", 0)


def test_a_long_word_is_divided_between_those_who_say_its_parts() -> None:
    english = ["She teaches cognitive psychology."]
    ((found, (at,)),) = chosen(english, ["她教认知心理学。"], said("cognitive", *english, upos="ADJ"))
    assert found
    assert found.text == "认知"
    assert at.span == Span(start=2, end=4)


def test_a_part_of_a_phrase_has_not_all_of_its_chinese() -> None:
    english = ["Click on the magnifying glass."]
    phrase, part = said("magnifying glass", *english, kind="term"), said("magnifying", *english, upos="ADJ")
    (whole, _), (found, _) = chosen(english, ["点击放大镜。"], phrase, part)
    assert whole
    assert whole.text == "放大镜"
    assert found is None or found.text != "放大镜"


def test_what_says_no_is_said_with_a_no() -> None:
    english = ["They are unaware of the cost."]
    own = holding(unaware="未意识到的", cost="代价")
    ((found, _),) = chosen(english, ["他们意识到代价了。"], said("unaware", *english, upos="ADJ"), own=own)
    assert found is None or found.guess


def test_a_word_that_segmentation_does_not_know_is_found_whole() -> None:
    english = ["We normalize the scores."]
    own = holding(normalize="归一化")
    ((found, _),) = chosen(english, ["我们把分数归一化。"], said("normalize", *english, upos="VERB"), own=own)
    assert found
    assert (found.text, found.guess) == ("归一化", False)


@pytest.mark.parametrize(
    ("senses", "chinese", "gloss"),
    [
        ("臭名昭著的", "那篇关于五辆车的论文。", "臭名昭著的"),
        ("臭名昭著的；漂亮的", "那篇关于五辆车的论文。", None),  # of two meanings neither
        ("臭名昭著的", "那篇 infamous 论文。", None),  # left in English: perhaps a name
    ],
)
def test_what_the_translation_leaves_out_is_guessed_where_it_has_one_meaning(
    senses: str, chinese: str, gloss: str | None
) -> None:
    english = ["The infamous paper about five cars."]
    ((found, places),) = chosen(
        english, [chinese], said("infamous", *english, upos="ADJ"), own=holding(infamous=senses)
    )
    assert places == ()
    assert (found.text if found else None) == gloss
    assert found is None or found.guess


@pytest.mark.parametrize(
    ("upos", "entries", "text", "gloss"),
    [
        ("VERB", {"split": "拆分；分裂；劈开"}, "We split the rows.", "拆分；分裂"),
        (
            "VERB",
            {"split": "苹果；法律；跑步；蓝色"},
            "We split the rows.",
            None,
        ),  # too many to take the first two
        ("ADJ", {"split": "拆分"}, "The split rows.", "拆分"),  # taggers slip
        ("NOUN", {"split": "拆分"}, "The Split is here, in Split.", None),  # a name
        ("NOUN", {"split": "拆分"}, "Split the rows.", "拆分"),
    ],
)
def test_without_a_translation_our_own_order_of_senses_counts(
    upos: str, entries: dict[str, str], text: str, gloss: str | None
) -> None:
    item = said("split", text.lower(), upos=upos)
    ((found, _),) = chosen([text], [], item, own=holding(**entries))
    assert (found.text if found else None) == gloss
    assert found is None or found.guess


def test_a_sense_that_two_parts_of_speech_share_is_shown_once() -> None:
    own = Own(senses=lambda lemma, upos: (), any=lambda lemma: ("微调", "微调"), words=frozenset({"微调"}))
    ((found, _),) = chosen(["A tweak tool."], [], said("tweak", "A tweak tool.", upos="ADJ"), own=own)
    assert found
    assert found.text == "微调"


def test_known_chinese_stands_in_whole_words_only() -> None:
    item = said("let alone", "He cannot walk, let alone run.", kind="idiom")
    item.chinese, item.source = ("别说", "更不用说"), "studykit"
    ((found, (at,)),) = chosen(["He cannot walk, let alone run."], ["他不能走，更不用说跑了。"], item)
    assert found
    assert found.text == "更不用说"
    assert at.span == Span(start=5, end=9)


@pytest.mark.parametrize(
    ("chinese", "guess"),
    [("点击某个字词。", True), ("总而言之，点击它。", False), ("一句话，点击它。", False)],
)
def test_an_expression_that_nothing_in_the_translation_says_is_a_guess(chinese: str, guess: bool) -> None:
    english = ["Click in a word."]
    item = said("in a word", *english, kind="expression")
    item.chinese, item.source = ("一句话；总之",), "studykit"
    ((found, _),) = chosen(english, [chinese], item)
    assert found
    assert found.guess == guess


def test_an_expression_that_cannot_be_mistaken_is_no_guess_whatever_the_translation_makes_of_it() -> None:
    english = ["It works, thanks to the new pump."]
    item = said("thanks to", *english, kind="expression")
    item.chinese, item.source = ("多亏",), "studykit"
    ((doubted, _),) = chosen(english, ["它用新水泵工作。"], item)
    item.unmistakable = True
    ((found, _),) = chosen(english, ["它用新水泵工作。"], item)
    assert doubted
    assert found
    assert (doubted.guess, found.guess) == (True, False)


def test_chinese_that_only_vectors_have_for_a_phrase_is_a_guess() -> None:
    english = ["Send back the print."]
    item = said("Send back", *english, upos="VERB", kind="phrasal_verb")
    item.lemma, item.chinese, item.source = "send back", ("退回",), "studykit"
    ((found, _),) = chosen(english, ["把打印件发送回公司。"], item)
    assert found
    assert (found.text, found.guess) == ("发送回", True)


@pytest.mark.parametrize(
    ("upos", "senses", "chinese", "guess"),
    [
        ("ADV", "紧急地；迫切地", "请尽快告诉我们。", False),  # adverbs have few meanings
        ("ADV", "紧急地；苹果", "请尽快告诉我们。", True),
        ("ADJ", "巨大的", "那是一座很大的房子，巨型的。", False),
        ("ADJ", "繁重的", "请尽快告诉我们。", True),
    ],
)
def test_a_word_that_means_one_thing_is_no_guess_where_the_translation_says_nearly_that(
    upos: str, senses: str, chinese: str, guess: bool
) -> None:
    english = ["A gigantic word."]
    ((found, _),) = chosen(
        english, [chinese], said("gigantic", *english, upos=upos), own=holding(gigantic=senses)
    )
    assert found
    assert found.guess == guess


def test_one_meaning_that_the_translation_has_elsewhere_is_no_guess() -> None:
    english = ["The snippet is here.", "A code snippet."]
    for senses, guess in (("片段；代码片段", False), ("片段；苹果", True)):
        item = said("snippet", *english, upos="NOUN")
        ((found, _),) = chosen(english, ["它在这里。", "一个代码片段。"], item, own=holding(snippet=senses))
        assert found
        assert found.guess == guess


def test_senses_of_a_phrasal_verb_that_differ_are_marked() -> None:
    item = said("take off", "The plane will take off soon.", kind="phrasal_verb")
    item.chinese, item.source = ("起飞；迅速走红；脱下",), "studykit"
    ((found, _),) = chosen(["The plane will take off soon."], [], item)
    assert found
    assert found.guess
    assert "起飞" in found.text


@pytest.mark.parametrize("senses", ["拾起；学会；接（人）", "还清；得到回报"])
def test_without_a_translation_several_senses_are_all_given_as_a_guess(senses: str) -> None:
    item = said("pick up", "She will pick up her friend.", kind="phrasal_verb")
    item.chinese, item.source = (senses,), "studykit"
    ((found, _),) = chosen(["She will pick up her friend."], [], item)
    assert found
    assert (found.text, found.guess) == (senses, True)


def test_a_phrasal_verb_that_the_translation_does_not_say_is_a_guess() -> None:
    english = ["They fell through."]
    item = said("fell through", *english, kind="phrasal_verb")
    item.chinese, item.source = ("落空",), "studykit"
    ((unsaid, _),) = chosen(english, ["他们掉进了冰窟。"], item)
    ((told, _),) = chosen(english, ["他们的计划落空了。"], item)
    assert unsaid
    assert told
    assert (unsaid.guess, told.guess) == (True, False)


def test_where_a_translation_says_no_sense_of_a_phrasal_verb_none_is_preferred() -> None:
    english = ["Too big, and the whole thing blows up."]
    item = said("blows up", *english, kind="phrasal_verb")
    item.chinese, item.source = ("爆炸；放大；爆红",), "studykit"
    ((found, _),) = chosen(english, ["太大了，就全完了。"], item)
    assert found
    assert (found.text, found.guess) == ("爆炸；放大；爆红", True)


def test_a_small_part_of_known_chinese_is_not_what_the_translation_says() -> None:
    english = ["They sell boxes of various sizes."]
    item = said("of various sizes", *english, kind="expression")
    item.chinese, item.source = ("各种大小的",), "studykit"
    ((found, _),) = chosen(english, ["他们卖的盒子大小不一。"], item)
    assert found
    assert found.text == "各种大小的"


def test_chinese_in_two_parts_is_not_sought_as_one() -> None:
    english = ["They cannot extract any metal from the unknown part of the rock."]
    item = said("extract any metal from", *english, kind="expression")
    item.head = item.lemma = "extract sth from"
    item.chinese, item.source = ("从……提取",), "studykit"
    ((found, _),) = chosen(english, ["他们无法提取来自岩石未知部分的任何金属。"], item)
    assert found
    assert found.text == "从……提取"


def put_together(chinese: str) -> Chosen:
    english = ["They put together a list of ships, and it makes up the fleet."]
    item = said("put together", *english, kind="phrasal_verb")
    item.chinese, item.also, item.source = ("组合；拼凑",), ("整理；组成",), "studykit"
    ((gloss, places),) = chosen(english, [chinese], item)
    return gloss, places


def test_what_a_translation_may_say_is_shown_where_it_does() -> None:
    (told, (at,)), (unsaid, nowhere) = put_together("他们整理了船只名单。"), put_together("这是一支船队。")
    assert told
    assert unsaid
    assert (told.text, told.guess, at.span) == ("整理", False, Span(start=2, end=4))
    assert (unsaid.text, unsaid.guess, nowhere) == ("组合；拼凑", True, ())


def test_of_two_that_a_translation_has_the_one_that_stands_as_far_on_is_shown() -> None:
    told, _ = put_together("他们整理了一份船只名单，由它组成船队。")
    assert told
    assert told.text == "整理"


def test_what_is_listed_comes_before_what_a_translation_may_say() -> None:
    told, _ = put_together("他们整理了船只，把名单组合起来。")
    assert told
    assert told.text == "组合"


def test_a_part_of_chinese_in_two_parts_is_not_shown_for_it() -> None:
    english = ["They extract a metal from the rock."]
    item = said("extract a metal from", *english, kind="expression")
    item.head = item.lemma = "extract sth from"
    item.chinese, item.also, item.source = ("从……提取",), ("提取；取出",), "studykit"
    ((part, _),) = chosen(english, ["他们提取岩石中的金属。"], item)
    ((whole, _),) = chosen(english, ["他们把金属取出岩石。"], item)
    assert part
    assert whole
    assert (part.text, whole.text) == ("从……提取", "取出")


def test_what_leaves_out_much_of_known_chinese_is_not_shown_for_it() -> None:
    english = ["As you can see in this example, we simply give the path.", "As you can see, it is the same."]
    item = said("As you can see", *english, kind="expression")
    item.chinese, item.source = ("如你所见",), "studykit"
    chinese = ["正如你在此示例中所见，只需给出路径。", "正如你在此所见，两者一样。"]
    ((found, _),) = chosen(english, chinese, item)
    assert found
    assert found.text == "如你所见"


@pytest.mark.parametrize(("chinese", "never"), [("重新", True), ("检查", False), ("无此词也", False)])
def test_what_is_never_a_verb(chinese: str, never: bool) -> None:
    assert Affinity(load_cedict(), engines.encoder(), NOTHING).is_no_verb(chinese) is never


def test_a_verb_is_not_said_by_what_is_never_a_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    english = ["We recreate the old bridge together."]
    item = said("recreate", *english, upos="VERB")
    monkeypatch.setattr(Affinity, "is_no_verb", lambda *_: True)
    ((found, places),) = chosen(english, ["我们一起重新搭建那座旧桥。"], item)
    assert (found, places) == (None, ())


def test_a_word_that_stays_english_has_no_chinese_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = Link("文件", 0.9, listed=False, places=((0, Span(start=11, end=13)),))
    monkeypatch.setattr(Aligner, "link", lambda _, wanted: [beside for _ in wanted])
    english = ["Read the README."]
    ((left, _),) = chosen(english, ["请阅读 README 文件。"], said("README", *english, upos="NOUN"))
    ((put, _),) = chosen(english, ["请阅读以下说明的文件。"], said("README", *english, upos="NOUN"))
    assert left is None
    assert put
    assert put.text == "文件"


@pytest.mark.parametrize(
    ("score", "listed", "guess"),
    [(0.7, 0.0, True), (1.2, 0.0, False), (0.7, 1.0, False), (0.7, 0.3, True), (1.2, 0.3, False)],
)
def test_what_vectors_or_a_part_of_a_definition_say_weakly_is_a_guess(
    score: float, listed: float, guess: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Link("问题", score, listed=listed, places=((0, Span(start=5, end=7)),))
    monkeypatch.setattr(Aligner, "link", lambda _, wanted: [link for _ in wanted])
    english = ["Answer the small questionnaire."]
    ((gloss, places),) = chosen(english, ["请回答这个小问题。"], said("questionnaire", *english, upos="NOUN"))
    assert gloss
    assert (gloss.text, gloss.guess) == ("问题", guess)
    assert places


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (Link("误差", 0.7, listed=False, places=((0, Span(start=1, end=3)),)), "偏见"),
        (Link("误差", 1.2, listed=False, places=((0, Span(start=1, end=3)),)), "误差"),
        (Link("误差", 0.7, listed=True, places=((0, Span(start=1, end=3)),)), "误差"),
        (Link("退步", 0.7, listed=True, places=((0, Span(start=1, end=3)),)), "偏见"),
        (Link("退步", 1.2, listed=True, places=((0, Span(start=1, end=3)),)), "退步"),
        (Link("找", 1.2, listed=True, places=((0, Span(start=0, end=1)),)), "偏见"),
        (Link("差", 1.2, listed=True, places=((0, Span(start=2, end=3)),)), "差"),
    ],
)
def test_our_dictionary_knows_better_than_a_weak_link(
    link: Link, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Aligner, "link", lambda _, wanted: [link for _ in wanted])
    english = ["Look for biases."]
    item = said("bias", *english, upos="NOUN")
    ((gloss, places),) = chosen(english, ["找误差。"], item, own=holding(bias="偏见（成见）；偏差；偏置"))
    assert gloss
    assert (gloss.text, gloss.guess, bool(places)) == (
        ("偏见；偏差", True, False) if shown == "偏见" else (shown, False, True)
    )


@pytest.mark.parametrize(
    ("linked", "shown", "guess"),
    [
        ("分页", "分页器", True),
        ("寻呼机", "传呼机", False),
        ("苹果", "苹果", True),
    ],
)
def test_of_our_senses_the_one_nearest_to_the_translation_is_shown(
    linked: str, shown: str, guess: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Link(linked, 0.7, listed=0.0, places=((0, Span(start=1, end=3)),))
    monkeypatch.setattr(Aligner, "link", lambda _, wanted: [link for _ in wanted])
    english = ["Use a pager."]
    item = said("pager", *english, upos="NOUN")
    ((gloss, _),) = chosen(english, [f"用{linked}。"], item, own=holding(pager="传呼机；分页器"))
    assert gloss
    assert (gloss.text, gloss.guess) == (shown, guess)


def test_of_a_single_character_the_word_that_has_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    link = Link("剔", 1.2, listed=True, places=((0, Span(start=3, end=4)),))
    monkeypatch.setattr(Aligner, "link", lambda _, wanted: [link for _ in wanted])
    english = ["They weed out the duplicates."]
    item = said("weed out", *english, kind="phrasal_verb")
    item.chinese, item.source = ("剔除",), "studykit"
    ((found, (at,)),) = chosen(english, ["重复的剔掉。"], item)
    assert found
    assert (found.text, found.source, found.guess) == ("剔除", f"studykit, {IN_TRANSLATION}", False)
    assert at.span == Span(start=3, end=4)


def test_an_adverb_has_the_character_that_makes_it_one() -> None:
    english = ["A letter intuitively says less."]
    item = said("intuitively", *english, upos="ADV")
    ((found, (at,)),) = chosen(english, ["字母直觉上说得少。"], item)
    assert found
    assert (found.text, at.span) == ("直觉上", Span(start=2, end=5))


def test_chinese_that_can_be_done_is_a_unit() -> None:
    units = chinese_units([(0, "这座可信赖的桥可以走。")], load_cedict())
    assert "可信赖" in {unit.text for unit in units}
    assert not any(unit.text.startswith("可走") for unit in units)


def test_a_verb_is_not_said_by_an_attribute() -> None:
    english = ["The grain was distributed."]
    ((found, _),) = chosen(english, ["谷物是分布式的。"], said("distribute", english[0], upos="VERB"))
    assert found is None


def test_an_expression_keeps_its_chinese_where_the_translation_says_something_near() -> None:
    english = ["In practice, both are measured.", "It works in practice."]
    item = said("[Ii]n practice", *english, kind="expression")
    item.head = item.lemma = "in practice"
    item.chinese, item.source = ("实际上",), "studykit"
    ((found, _),) = chosen(english, ["实际操作中，两者都测量。", "它在实际操作中有效。"], item)
    assert found
    assert found.text == "实际上"


@pytest.mark.parametrize(("unit", "stem"), [("意味着", "意味着"), ("显著地", "显著"), ("看着", "看着")])
def test_an_ending_is_left_out_unless_it_belongs_to_the_word(unit: str, stem: str) -> None:
    assert core(unit) == stem


def test_what_begins_with_a_measure_word_is_no_chinese() -> None:
    text = "需要一个子网。个人也行。"
    units = {unit.text for unit in chinese_units([(0, text)], load_cedict(), {"个子网"})}
    assert {unit for unit in units if unit.startswith("个")} == {"个人"}


def test_half_a_word_is_no_chinese() -> None:
    english = ["It is pretty perplexing."]
    ((found, _),) = chosen(english, ["这很令人困惑。"], said("perplexing", *english, upos="ADJ"))
    assert found is None or found.text != "令人"


def test_cedict_guesses_no_verbs() -> None:
    english = ["They jerk the wheel."]
    ((verb, _),) = chosen(english, [], said("jerk", *english, upos="VERB"))
    ((noun, _),) = chosen(
        ["The reservoir is full."], [], said("reservoir", "The reservoir is full.", upos="NOUN")
    )
    assert verb is None
    assert noun


@pytest.mark.parametrize(
    ("text", "form", "gloss"),
    [
        ("They wage a war.", "wage", "工资"),
        ("Waging a war was easy.", "waging", None),
        ("They waged it.", "waged", None),
    ],
)
def test_an_inflected_verb_is_no_slip_for_a_noun(text: str, form: str, gloss: str | None) -> None:
    own = Own(senses=lambda lemma, upos: (), any=lambda lemma: ("工资",), words=frozenset({"工资"}))
    item = said(form, text.lower(), upos="VERB")
    item.head = item.lemma = "wage"
    ((found, _),) = chosen([text], [], item, own=own)
    assert (found.text if found else None) == gloss


def test_a_verb_has_no_noun_for_its_chinese() -> None:
    assert "成果" in load_cedict().chinese("gain", "NOUN")
    assert "成果" not in load_cedict().chinese("gain", "VERB")


def test_cedict_both_ways() -> None:
    cedict = Cedict(
        [
            "# a remark",
            "水庫 水库 [shui3 ku4] /reservoir/CL:座[zuo4]/",
            "蓄水池 蓄水池 [xu4 shui3 chi2] /(old) reservoir; tank/",
            "注入 注入 [zhu4 ru4] /to pour into/to inject/",
            "庫 库 [ku4] /variant of 裤/",
        ]
    )
    assert cedict.chinese("reservoir") == ["水库"]  # the other is rare
    assert cedict.chinese("tank") == ["蓄水池"]
    assert cedict.chinese("inject") == ["注入"]
    assert cedict.definitions("注入") == ["pour into", "inject"]
    assert cedict.words_in("水库里") == [(0, "水库")]
    assert "库" not in cedict


def test_an_ecdict_file(tmp_path: Path) -> None:
    path = tmp_path / "ecdict.csv"
    path.write_text(
        "word,phonetic,definition,translation\n"
        'Trade,,,"n. 贸易, 交易\\nvt. 交换\\n[网络] 行业"\nhouse,,,n. 房子\n',
        encoding="utf-8",
    )
    assert load_ecdict(path, ["trade", "absent"]) == {"trade": ["贸易", "交易", "交换"]}
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="no ECDICT file"):
        load_ecdict(path, ["a"])
    with pytest.raises(UnreadableError):
        load_ecdict(tmp_path / "absent.csv", ["a"])


@pytest.mark.parametrize(
    ("head", "free"),
    [
        ("loud noise", True),  # 咋
        ("wise move", True),
        ("rich country", True),
        ("blind spot", False),  # our own dictionary has it
        ("linear regression", False),  # more than two characters
        ("stock market", False),  # no adjective
        ("original sin", False),  # an adjective without degrees
    ],
)
def test_an_adjective_of_degree_and_a_noun_are_no_term(head: str, free: bool) -> None:
    assert is_free(head, load_cedict().chinese(head)) is free
