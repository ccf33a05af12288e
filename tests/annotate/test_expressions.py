"""The expression list, its pattern language, and what it finds in sentences of our own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studykit import engines
from studykit.annotate.vocabulary.expressions import Expressions, load_expressions, shipped_expressions
from studykit.annotate.vocabulary.patterns import parse
from studykit.languages import HAN
from studykit.resources import data_dir
from studykit.types import Token

ENTRIES = load_expressions(data_dir("lexicon") / "expressions")
SHIPPED = shipped_expressions()
TAGGER = engines.tagger()


def heads(text: str, expressions: Expressions = SHIPPED) -> list[str]:
    (tokens,) = TAGGER.tag([text])
    return [match.expression.head for match in expressions.find(tokens)]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("The crew threw most of the old charts out.", "throw out"),
        ("Please throw out the old charts.", "throw out"),
        ("She figured it out in a minute.", "figure out"),
        ("Nobody listened, and I brushed it off as well.", "brush off"),
        ("The contractor wanted to press ahead.", "press ahead"),
        ("They broke in and took the silver.", "break in"),
        ("They never took their luck for granted.", "take sth for granted"),
        ("We moved in the opposite direction.", "in the … direction"),
        ("The longer you wait, the harder it gets.", "the + comparative, the + comparative"),
        ("My rule-of-thumb is to double it.", "rule of thumb"),
        ("That said, nobody complained.", "that said"),
        ("It's a bit odd, you know, but fine.", "you know"),
        ("I'm gonna leave.", "gonna"),
        ("She'll walk the new ones through the forms.", "walk through"),
        ("It only touches a very small fraction of the cases.", "a fraction of"),
        ("Nobody could tell the twins apart.", "tell apart"),
        ("They have to take the weather into account.", "take into account"),
        ("He made up his mind.", "make up one's mind"),
        ("He made up his own mind.", "make up one's mind"),
        ("Does it, right?", "right"),
        ("Replace the letter with a dot.", "replace sth with"),
        ("We can go ahead and build it.", "go ahead and"),
        ("The gate has got to be shut.", "have got to"),
        ("If you hold on to the old keys, the gate opens.", "hold on to"),
        ("The rules are dead simple.", "dead simple"),
        ("We cut some corners.", "cut corners"),
        ("It went in one ear and out the other.", "in one ear and out the other"),
        ("I'm not holding my breath.", "not hold one's breath"),
        ("She was up to her ears in debt.", "up to one's ears in"),
        ("It cost me my marriage.", "cost sb one's life"),
        ("The letters bear out what he said.", "bear out"),
        ("It raised a lot of eyebrows and made great strides.", "make strides"),
        ("It cost the best part of a million.", "the best part of"),
        ("Sleep is essential to health.", "essential to"),
        ("They used up the flour.", "use up"),
        ("Chances are it rains.", "chances are"),
        ("She left the island for good.", "for good"),
        ("Nothing falls through the cracks.", "fall through the cracks"),
        ("You can turn the lamps on and off.", "turn sth on and off"),
        ("We got the bill down to ten.", "get sth down to"),
        ("The take-home message is that stiffness matters.", "take home message"),
        ("That joke landed him in hot water with his boss.", "in hot water"),
        ("The race clocked in at two hours.", "clock in at"),
        ("He took the news in his stride.", "take sth in one's stride"),
        ("They never lived it down.", "live sth down"),
        ("Her success put all the others in the shade.", "put sb in the shade"),
        ("The new key is in the pipeline.", "in the pipeline"),
    ],
)
def test_an_entry_is_found(text: str, head: str) -> None:
    assert head in heads(text)


def test_of_two_entries_for_the_same_words_the_one_that_says_them_is_found() -> None:
    """Not the one that comes first: Python orders sets of words differently in every run."""
    both = [entry for entry in ENTRIES if entry.head in {"depend on", "depending on"}]
    assert len(both) == 2
    for entries in (both, both[::-1]):
        assert heads("They vary depending on the day.", Expressions(entries)) == ["depending on"]
        assert heads("It depends on the day.", Expressions(entries)) == ["depend on"]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("What kind of bird is that?", "kind of"),
        ("You save up to fifty pounds a month.", "save up"),
        ("They break in the middle.", "break in"),
        ("Do you know the way?", "you know"),
        ("She put the cup on the table.", "put on"),
        ("Turn right at the bank.", "right"),
        ("The throw was out of reach.", "throw out"),
        ("They say that the rest is fine.", "say"),
        ("He threw the ball and ran out of the yard.", "throw out"),
        ("Spaces were replaced by a letter with a dot.", "replace sth with"),
        ("It marks the places of the words given in the input.", "give in"),
        ("Everything's got to be shut.", "get to"),
        ("If you hold on to the old keys, the gate opens.", "hold on"),
        ("Your ticket has a cut-off date.", "cut off"),
        ("You can configure APT to look elsewhere.", "apt to"),
        ("It is essential to answer the letter.", "essential to"),
        ("It uses up to 8 characters.", "use up"),
        ("Speeds vary from 10 to 100.", "vary from"),
        ("The best part of the trip was the food.", "the best part of"),
        ("Pick which model we want to start with.", "to start with"),
        ("That is generally the case for old pumps.", "the case for"),
        ("We do so on a regular basis.", "so on"),
        ("The politer you are, the greater your chances are of an answer.", "chances are"),
        ("They use these tools for good.", "for good"),
        ("That is what we're moving forward on.", "moving forward"),
        ("It takes one to one and a half seconds.", "one to one"),
        ("You know what you are getting into.", "you know what"),
        ("You can see what it's like for the first time.", "it's like"),
        ("We look out beyond this year.", "look out"),
        ("The law applies primarily to farms.", "apply sth to"),
        ("The second benefit from the bridge is the view.", "benefit from"),
        ("Now we have we need the map.", "have sb do"),
        ("The pump can be used to quickly drain it.", "be used to"),
        ("Ask somebody who knows about bees.", "who knows"),
        ("So can we be there by noon?", "so do I"),
        ("You can turn the lamps on and off.", "on and off"),
        ("You're on-call for that sort of thing.", "call for"),
        ("They're getting at least twice as much.", "get at"),
        ("I wonder, have the guests left yet?", "have sth done"),
        ("They all pointed to improve it.", "point to"),
        ("It's fine for now and then we'll see.", "now and then"),
        ("She knows it just as well as I do.", "as well as"),
        ("I wrote about that in my book last year.", "in my book"),
        ("She laid her hands on the table.", "hands on"),
        ("We got the rights to the film.", "get sth right"),
        ("I leave at the end of the day.", "at the end of the day"),
        ("I'm assuming that it was paid.", "assuming that"),
        ("I keep my word files here.", "keep one's word"),
        ("Peas are small, just like beans.", "like"),
        ("It depends on the job that we have.", "on the job"),
        ("You can buy your way up the list.", "buy up"),
        ("There are three stages in the pipeline.", "in the pipeline"),
        ("We use the same key as for the shed.", "as for"),
        ("There is so much missing out there.", "miss out"),
        ("The loan kept the company afloat.", "keep sb company"),
        ("They took no prisoners.", "take sb prisoner"),
        ("We saw this as a fair trade-off.", "see sb off"),
        ("The crates blocked the way out.", "block out"),
        ("She signed it right away.", "sign away"),
        ("She won the cup back-to-back.", "win back"),
        ("I tried not to make things worse.", "to make things worse"),
        ("Wash the wool in hot water.", "be in hot water"),
        ("The lawyer does not make much of a witness.", "make much of"),
        ("Put it back down to free your hands.", "put down to"),
        ("They won the best supporting actress award.", "win support"),
        ("They bargained for a rug in the bazaar.", "not bargain for"),
        ("The kind of work you have been putting in for years.", "put in for a transfer"),
        ("What the odds are, nobody knows.", "the odds are"),
        ("It was love at first sight.", "at first sight"),
        ("It would be good to go home.", "be good to go"),
        ("They found pots of late Roman make.", "of late"),
        ("The box can be ticked on and off.", "on and off"),
        ("Force the lift to a higher floor.", "force sb to"),
        ("They introduced the bill to reduce the debt.", "introduce sb to"),
        ("We applied a coat of paint to hide the crack.", "apply sth to"),
    ],
)
def test_the_same_words_in_another_use_are_not(text: str, head: str) -> None:
    assert head not in heads(text)


@pytest.mark.parametrize(
    ("cut", "whole", "head"),
    [
        ("In the pipeline video we saw three stages.", "A new bridge is in the pipeline.", "in the pipeline"),
        ("We tried it on the whole test set.", "On the whole, it works.", "on the whole"),
        ("No idea where to begin with fixing it.", "To begin with, fix it.", "to begin with"),
        ("Find where the problem is, then mend it.", "The problem is, it's late.", "the problem is"),
    ],
)
def test_what_is_cut_from_a_longer_phrase_is_no_expression(cut: str, whole: str, head: str) -> None:
    assert head not in heads(cut)
    assert head in heads(whole)


def test_a_verb_leaves_its_particle_to_a_phrase_of_the_same_length() -> None:
    assert heads("They go on average twice a year.") == ["on average"]


def test_the_longer_entry_counts_and_gaps_stay_free() -> None:
    assert heads("To a large extent it works.") == ["to a large extent"]
    assert "a lot of" in heads("They threw a lot of paper out.")
    assert "throw out" in heads("They threw a lot of paper out.")


def test_a_match_spans_its_words_in_the_text() -> None:
    text = "So they sorted  the whole mess out, finally."
    (tokens,) = TAGGER.tag([text])
    match = next(match for match in SHIPPED.find(tokens) if match.expression.head == "sort out")
    assert text[match.span.start : match.span.end] == "sorted  the whole mess out"
    assert [tokens[i].text for i in match.tokens] == ["sorted", "out"]


def test_a_match_does_not_begin_inside_a_word() -> None:
    text = "It's willing to wait, and it's worth waiting."
    (tokens,) = TAGGER.tag([text])
    starts = [text[match.span.start] for match in SHIPPED.find(tokens)]
    assert starts
    assert "'" not in starts


@pytest.mark.parametrize(
    ("text", "head", "sense"),
    [
        ("She picked up some Spanish in Peru.", "pick up", "学会"),
        ("Could you pick me up at six?", "pick up", "接（人）"),
        ("The economy is picking up.", "pick up", "好转；加快"),
        ("The alarm went off at five.", "go off", "响起"),
        ("The bomb went off in the square.", "go off", "爆炸"),
        ("He made up a story about a dog.", "make up", "编造"),
        ("I'll make up the time tomorrow.", "make up", "补上"),
        ("We checked out of the hotel at noon.", "check out", "退房；离开"),
        ("His story doesn't check out.", "check out", "对得上；属实"),
        ("We always stick to the rules.", "stick to", "坚持；遵守"),
        ("We drove out to the lake.", "drive out", "开车出去；开车到（某地）"),
        ("The firms were driven out of the market.", "drive out", None),
        ("Let's back up for a moment.", "back up", "退一步（说）；后退"),
        ("The club that I came across as a child is gone.", "come across", None),
        ("She picked it up.", "pick up", None),
        ("Something went off.", "go off", None),
        ("She picked up the baby.", "pick up", None),
        ("We had to make it up for the loss.", "make up", None),
    ],
)
def test_a_meaning_is_told_by_what_stands_with_the_verb(text: str, head: str, sense: str | None) -> None:
    (tokens,) = TAGGER.tag([text])
    assert {match.expression.head: match.sense for match in SHIPPED.find(tokens)}.get(head) == sense


def test_a_sense_needs_what_shows_it(tmp_path: Path) -> None:
    section = '[[section]]\nkind="phrasal_verb"\nregister="neutral"\nlevel="B2"\n[section.entries]\n'
    (tmp_path / "a.toml").write_text(
        f'{section}"set off" = {{ zh = "出发", senses = [ {{ zh = "出发" }} ] }}'
    )
    with pytest.raises(ValueError, match="a sense has zh and some of object, subject, before"):
        load_expressions(tmp_path)


def test_the_shipped_list_is_whole() -> None:
    assert len(ENTRIES) >= 4000
    patterns = [entry.pattern for entry in ENTRIES]
    assert len(set(patterns)) == len(patterns)
    for entry in ENTRIES:
        assert re.search(f"[{HAN}]", entry.chinese), entry.pattern
        assert entry.note is None or re.search(f"[{HAN}]", entry.note), entry.pattern
        assert not re.search(r"[{}|~()/]", entry.head), entry.head


def test_every_plain_entry_is_found_in_itself() -> None:
    """An entry that not even its own words match would be dead: the pattern is what was meant."""
    plain = [
        entry
        for entry in ENTRIES
        if re.fullmatch(r"[A-Za-z' ]+", entry.pattern)
        and not (entry.where or entry.only_as or entry.only_before or entry.only_after or entry.verb_first)
    ]
    tagged = TAGGER.tag([entry.pattern for entry in plain])
    lost = [
        entry.pattern
        for entry, tokens in zip(plain, tagged, strict=True)
        if not Expressions([entry]).find(tokens)
    ]
    assert len(plain) > 700
    assert not lost


@pytest.mark.parametrize("pattern", ["| out", "throw |", "(very) good", "take {nonsense} off"])
def test_a_pattern_that_cannot_be_used_is_an_error(pattern: str) -> None:
    with pytest.raises(ValueError, match=re.escape(pattern) if "{" not in pattern else "no slot"):
        parse(pattern, inflected=True, verb_first=False)


def test_a_broken_list_names_file_and_entry(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        '[[section]]\nkind = "idiom"\nregister = "loud"\nlevel = "B1"\n'
        '[section.entries]\n"so be it" = { zh = "随它去" }\n',
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"mine\.toml: 'so be it': register 'loud'"):
        load_expressions(tmp_path)


def test_tokens_of_white_space_do_not_matter() -> None:
    space = Token(text=" ", start=4, end=5, lemma=" ", upos="SPACE", tag="_SP", dep="", head=0, entity=None)
    (tokens,) = TAGGER.tag(["more or less"])
    assert SHIPPED.find([tokens[0], space, *tokens[1:]])


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("The storm passed, right?", "right"),
        ("Well, the harbour was closed.", "well"),
        ("He was kind of tired.", "kind of"),
        ("Save the file so that we can restore it later.", "so that"),
        ("There's no way they finish by noon.", "there's no way"),
        ("Now, the second reason is cost.", "now"),
        ("We had the roof repaired.", "have sth done"),
        ("It was late - well, not that late.", "well"),
        ("And guess what? The bridge held.", "guess what"),
        ("The shares sum up to one.", "sum to"),
        ("Make the best out of a bad day.", "make the best of"),
    ],
)
def test_a_marker_or_construction_is_seen(text: str, head: str) -> None:
    assert head in heads(text)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("That was the right answer.", "right"),
        ("The well is dry.", "well"),
        ("So that's why the bridge is closed.", "so that"),
        ("There was a sign that said no fishing.", "that said"),
        ("Have you used this oven before?", "have sth done"),
        ("They've never seen snow.", "have sth done"),
        ("She has lived there for as long as I remember.", "as long as"),
        ("The grain is used to feed cattle.", "be used to"),
        ("A spade is customarily used to turn the soil.", "used to do"),
        ("You see a tower on the left.", "you see"),
        ("Try to guess what the crew will say.", "guess what"),
        ("I guess what he means is that it is closed.", "guess what"),
        ("Provide your name along with a photo.", "provide sb with"),
        ("Make the best out of a bad day.", "make out"),
        ("Count each word in a sentence.", "in a sentence"),
        ("You get results from every pump.", "result from"),
        ("It did well, as it is the newest pump.", "as it is"),
        ("We got to the point the pump failed.", "to the point"),
    ],
)
def test_ordinary_words_are_no_marker(text: str, head: str) -> None:
    assert head not in heads(text)


def test_what_is_easily_misread_is_a_kind_of_its_own() -> None:
    (tokens,) = TAGGER.tag(["Relax, he was only pulling your leg."])
    (match,) = [found for found in SHIPPED.find(tokens) if found.expression.kind == "misread"]
    assert match.expression.literal
    assert sum(entry.kind == "misread" for entry in ENTRIES) >= 80
    assert all(bool(entry.literal) == (entry.kind == "misread") for entry in ENTRIES)


def test_a_verb_entry_needs_a_verb() -> None:
    entry = next(entry for entry in ENTRIES if entry.pattern == "comment on")
    verb, noun = TAGGER.tag(["They comment on every change.", "The comment on the map is wrong."])
    assert Expressions([entry]).find(verb)
    assert not Expressions([entry]).find(noun)
