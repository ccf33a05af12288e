"""How words are said, by part of speech, alone and in phrases."""

from __future__ import annotations

import csv

import pytest

from studykit.lexicon.pronunciation import ipa
from studykit.resources import data_dir


# Transcriptions as in American learners' dictionaries.
@pytest.mark.parametrize(
    ("word", "transcribed"),
    [
        ("cat", "kæt"),
        ("about", "əˈbaʊt"),
        ("extra", "ˈekstrə"),
        ("language", "ˈlæŋɡwɪdʒ"),
        ("happy", "ˈhæpi"),
        ("computer", "kəmˈpjuːtər"),
        ("value", "ˈvæljuː"),
        ("situation", "ˌsɪtʃuˈeɪʃən"),
        ("actual", "ˈæktʃuəl"),
        ("api", "ˌeɪpiːˈaɪ"),
        ("raw", "rɔː"),
        ("cause", "kɔːz"),
        ("bought", "bɔːt"),
        ("falling", "ˈfɔːlɪŋ"),
        ("decade", "ˈdekeɪd"),
        ("segue", "ˈseɡweɪ"),
        ("recreate", "ˌriːkriˈeɪt"),
        ("audience", "ˈɔːdiəns"),
        ("exhaustive", "ɪɡˈzɔːstɪv"),
        ("father", "ˈfɑːðər"),
        ("shall", "ʃæl"),
        ("autobot", "ˌɔːtəˈbɑːt"),
        ("dominated", "ˈdɑːməneɪtɪd"),
        ("updated", "ʌpˈdeɪtɪd"),
        ("upon", "əˈpɑːn"),
        ("equally", "ˈiːkwəli"),
    ],
)
def test_words(word: str, transcribed: str) -> None:
    assert ipa(word) == transcribed


@pytest.mark.parametrize(
    ("word", "transcribed"),
    [
        # The r belongs to the stressed syllable, but not across a prefix.
        ("parameter", "pəˈræmɪtər"),
        ("correct", "kəˈrekt"),
        ("original", "əˈrɪdʒənəl"),
        ("around", "əˈraʊnd"),
        ("interrupt", "ˌɪntəˈrʌpt"),
        ("interact", "ˌɪntərˈækt"),
        ("overestimate", "ˌoʊvərˈestəmeɪt"),
        # No secondary stress after the primary one, nor right before it.
        ("network", "ˈnetwɜːrk"),
        ("handwritten", "ˈhændrɪtən"),
        ("setup", "ˈsetʌp"),
        ("inject", "ɪnˈdʒekt"),
        ("imaginary", "ɪˈmædʒəneri"),
        ("review", "riˈvjuː"),
        ("northwest", "ˌnɔːrθˈwest"),
        ("probability", "ˌprɑːbəˈbɪləti"),
        ("optimization", "ˌɑːptəməˈzeɪʃən"),
        ("electronic", "ɪˌlekˈtrɑːnɪk"),
        ("multinational", "ˌmʌltaɪˈnæʃənəl"),
        # Prefixes end where a word follows.
        ("unable", "ʌnˈeɪbəl"),
        ("initial", "ɪˈnɪʃəl"),
        ("outrageous", "aʊtˈreɪdʒəs"),
        ("without", "wɪðˈaʊt"),
        ("whenever", "wenˈevər"),
        ("clever", "ˈklevər"),
        ("dislike", "dɪsˈlaɪk"),
        ("discover", "dɪˈskʌvər"),
        ("mistake", "mɪˈsteɪk"),
    ],
)
def test_where_stress_marks_stand(word: str, transcribed: str) -> None:
    assert ipa(word) == transcribed


@pytest.mark.parametrize(
    ("word", "upos", "transcribed"),
    [
        ("live", "VERB", "lɪv"),
        ("live", "ADJ", "laɪv"),
        ("use", "VERB", "juːz"),
        ("use", "NOUN", "juːs"),
        ("close", "VERB", "kloʊz"),
        ("close", "ADJ", "kloʊs"),
        ("wind", "VERB", "waɪnd"),
        ("wind", "NOUN", "wɪnd"),
        ("present", "VERB", "prɪˈzent"),
        ("present", "ADJ", "ˈprezənt"),
        ("combine", "VERB", "kəmˈbaɪn"),
        ("object", "VERB", "əbˈdʒekt"),
        ("object", "NOUN", "ˈɑːbdʒekt"),
        ("estimate", "VERB", "ˈestəmeɪt"),
        ("estimate", "NOUN", "ˈestəmət"),
        ("record", "VERB", "rɪˈkɔːrd"),
        ("record", "NOUN", "ˈrekərd"),
        ("separate", "VERB", "ˈsepəreɪt"),
        ("separate", "ADJ", "ˈseprət"),
        ("content", "NOUN", "ˈkɑːntent"),
        ("content", "ADJ", "kənˈtent"),
        ("minute", "NOUN", "ˈmɪnət"),
        ("minute", "ADJ", "maɪˈnuːt"),
        ("advocate", "VERB", "ˈædvəkeɪt"),
        ("aggregate", "VERB", "ˈæɡrəɡeɪt"),
        ("elaborate", "VERB", "ɪˈlæbəreɪt"),
        ("associate", "VERB", "əˈsoʊʃieɪt"),
        ("conflict", "VERB", "kənˈflɪkt"),
        ("compress", "VERB", "kəmˈpres"),
        ("recall", "VERB", "rɪˈkɔːl"),
        ("perfect", "ADJ", "ˈpɜːrfɪkt"),
        ("perfect", "VERB", "pərˈfekt"),
        ("increase", "NOUN", "ˈɪnkriːs"),
        ("reset", "VERB", "ˌriːˈset"),
        ("underestimate", "VERB", "ˌʌndərˈestəmeɪt"),
        ("curate", "VERB", "ˈkjʊreɪt"),
        ("pirate", "VERB", "ˈpaɪrət"),
        ("overcome", "VERB", "ˌoʊvərˈkʌm"),
        ("outdated", "ADJ", "aʊtˈdeɪtɪd"),
        ("overview", "NOUN", "ˈoʊvərvjuː"),
        ("outline", "VERB", "ˈaʊtlaɪn"),
        ("lead", "VERB", "liːd"),
        ("lead", None, "liːd"),
        ("read", None, "riːd"),
    ],
)
def test_sounds_that_depend_on_the_part_of_speech(word: str, upos: str | None, transcribed: str) -> None:
    assert ipa(word, upos) == transcribed


def test_a_tag_tells_forms_apart() -> None:
    assert ipa("read", "VERB", tag="VBD") == "red"
    assert ipa("read", "VERB", tag="VB") == "riːd"


@pytest.mark.parametrize(
    ("phrase", "upos", "transcribed"),
    [
        ("lead to", "VERB", "liːd tə"),
        ("a bunch of", None, "ə bʌntʃ əv"),
        ("look at", "VERB", "lʊk æt"),
        ("and everything", None, "ənd ˈevriθɪŋ"),
        ("back of the envelope", None, "bæk əv ði ˈenvəloʊp"),
        ("get used to", None, "ɡet juːst tə"),
        ("make use of", None, "meɪk juːs əv"),
        ("use up", "VERB", "juːz ʌp"),
        ("use case", "NOUN", "juːs keɪs"),
        ("live stream", "NOUN", "laɪv striːm"),
        ("content creation", "NOUN", "ˈkɑːntent kriˈeɪʃən"),
        ("fast combine", "NOUN", "fæst ˈkɑːmbaɪn"),
        ("close call", "NOUN", "kloʊs kɔːl"),
        ("replace sth with", "VERB", "riˈpleɪs ˈsʌmθɪŋ wɪð"),
    ],
)
def test_phrases_have_weak_forms(phrase: str, upos: str | None, transcribed: str) -> None:
    assert ipa(phrase, upos) == transcribed


def test_a_function_word_alone_is_strong() -> None:
    assert (ipa("of"), ipa("for")) == ("ʌv", "fɔːr")


def test_unknown_words_have_no_pronunciation() -> None:
    assert ipa("zzyzxq") is None
    assert ipa("the zzyzxq") is None
    assert ipa("") is None


@pytest.mark.parametrize(
    ("word", "near", "sound"),
    [
        ("lead", "the lead in the pipes", "led"),
        ("lead", "she took the lead", "liːd"),
        ("tear", "normal wear and tear", "ter"),
        ("tear", "a tear ran down her cheek", "tɪr"),
        ("bow", "the bow of the ship", "baʊ"),
        ("bow", "a bow and arrow", "boʊ"),
    ],
)
def test_nouns_of_one_spelling_are_told_by_the_words_near_them(word: str, near: str, sound: str) -> None:
    assert ipa(word, "NOUN", near=near.split()) == sound


def test_every_homograph_can_be_said() -> None:
    file = data_dir("lexicon") / "pronunciation" / "homographs.tsv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert len({(row["head"], row["pos"]) for row in rows}) == len(rows) > 200
    for row in rows:
        said = ipa(row["head"], row["pos"], tag=row["pos"])
        assert said is not None
        syllables = sum(phoneme[-1].isdigit() for phoneme in row["phonemes"].split())
        assert said.count("ˈ") == (syllables > 1)
