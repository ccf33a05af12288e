"""Putting beads right: every action, its undoing, and what is left of it after the files change."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit import engines
from studykit.errors import InputError, StoreError
from studykit.options import Options
from studykit.store import Store, locks_of
from studykit.talk.review import bead_edits as edits
from studykit.talk.review.bead_edits import Edit
from studykit.talk.review.reviewer import lost_locks, reviewed, worst
from studykit.types import Assistance, Backed, Bead, Quote, Span
from tests.align.bags import BagEncoder
from tests.talk.small import CHINESE, ENGLISH, ORIGIN, kinds, make, reviewer

pytestmark = pytest.mark.usefixtures("bags")
Beads = tuple[Bead, ...]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        yield store


ORIGINAL = [
    *(([0], [0], False), ([1], [1], False), ([2, 3], [2], False), ([4], [3], False), ([5], [4], False)),
    *(([6], [5, 6], False), ([7], [7], False), ([8], [8], False), ([9], [9], False), ([10], [10], False)),
]


@pytest.mark.parametrize(
    ("edit", "gone", "made"),
    [
        (lambda beads: edits.merge(beads, 4, 5), [3, 4], [([4, 5], [3, 4], True)]),
        (lambda beads: edits.merge(beads, 5, 4), [3, 4], [([4, 5], [3, 4], True)]),
        (lambda beads: edits.split(beads, 3, 1, 0), [2], [([2], [], True), ([3], [2], True)]),
        (lambda beads: edits.split(beads, 6, 1, 1), [5], [([6], [5], True), ([], [6], True)]),
        (lambda beads: edits.move(beads, 6, "last", "zh"), [5, 6], [([6], [5], True), ([7], [6, 7], True)]),
        (lambda beads: edits.move(beads, 3, "first", "en"), [1, 2], [([1, 2], [1], True), ([3], [2], True)]),
        (lambda beads: edits.move(beads, 1, "last", "en"), [0, 1], [([], [0], True), ([0, 1], [1], True)]),
        (lambda beads: edits.pair(beads, (4, 4), (3, 3)), [2], [([2], [], False), ([3], [2], True)]),
        (lambda beads: edits.pair(beads, (4, 4), None), [2], [([2], [2], False), ([3], [], True)]),
        (lambda beads: edits.pair(beads, None, (7, 7)), [5], [([6], [5], False), ([], [6], True)]),
        (lambda beads: edits.lock(beads, 3), [2], [([2, 3], [2], True)]),
    ],
)
def test_an_action_does_what_it_says(
    edit: Callable[[Beads], Edit], gone: list[int], made: list[object], store: Store
) -> None:
    notes, _, _ = make(store)
    assert kinds(notes) == ORIGINAL
    review = reviewer(store, notes)
    changed = review.apply(edit(review.beads))
    assert kinds(changed) == ORIGINAL[: gone[0]] + made + ORIGINAL[gone[-1] + 1 :]
    assert changed.notes.alignment
    assert all(bead.score == 1.0 for bead in changed.notes.alignment.beads if bead.locked)
    assert store.load(notes.source.id) == changed.notes
    assert reviewer(store, notes).undo().notes == notes == store.load(notes.source.id)


def test_what_a_model_wrote_is_kept(store: Store) -> None:
    notes, _, _ = make(store)
    at, said = Span(start=0, end=4), notes.english[0].raw
    quote = Quote(sentence=0, span=at, quote=said[:4])
    line = Backed(english="A greeting.", chinese="问候。", evidence=(quote,))
    written = replace(notes, assistance=Assistance(model="m", written_on="2026-11-30", line=line))
    store.save(written, key="written")
    nobody = {"assist.engine": "openai:m", "translate.base_url": "http://127.0.0.1:1/v1"}
    review = reviewer(store, notes, Options().updated(nobody))
    changed = review.apply(edits.merge(review.beads, 4, 5)).notes
    assert changed.assistance == written.assistance, "nothing is asked"
    assert store.load(notes.source.id) == changed


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda b: edits.merge(b, 1, 3), r"not neighbours; bead 1 can be merged with 2$"),
        (lambda b: edits.merge(b, 2, 2), r"not neighbours; bead 2 can be merged with 1 or 3"),
        (lambda b: edits.merge(b, 10, 11), "bead 11: no such bead; beads are numbered from 1 to 10"),
        (lambda b: edits.lock(b, 0), "bead 0: no such bead"),
        (lambda b: edits.split(b, 3, 3, 0), "has 2 English sentences, not 3"),
        (lambda b: edits.split(b, 3, -1, 0), "has 2 English sentences, not -1"),
        (lambda b: edits.split(b, 3, 1, None), "after how many of its 1 Chinese sentence should it be split"),
        (lambda b: edits.split(b, 3, 2, 1), "one half of this 2-1 bead would be empty"),
        (lambda b: edits.split(b, 3, 0, 0), "would be empty"),
        (lambda b: edits.move(b, 1, "first", "en"), "there is no bead before it"),
        (lambda b: edits.move(b, 10, "last", "zh"), "there is no bead after it"),
        (lambda b: edits.pair(b, (11, 12), (1, 1)), r"English 11-12: .* from 1 to 11"),
        (lambda b: edits.pair(b, (3, 2), (1, 1)), "English 3-2"),
        (lambda b: edits.pair(b, (1, 1), (0, 1)), "Chinese 0-1"),
        (lambda b: edits.pair(b, None, None), "at least one side"),
        (lambda b: edits.unlock(b, 1), "bead 1: is not locked; locked beads: 6"),
        (lambda b: edits.lock(b, 6), "bead 6: is already locked"),
        (
            lambda b: edits.pair(b, (7, 7), (6, 6)),
            r"contradicts the lock on bead 6 \(English 7-7 and Chinese",
        ),
        (lambda b: edits.pair(b, (5, 5), (8, 8)), "Run `fix unlock 6` first"),
        (lambda b: edits.pair(b, (7, 7), (6, 7)), "nothing would change"),
    ],
)
def test_what_cannot_be_done_says_what_can(edit: Callable[[Beads], Edit], message: str, store: Store) -> None:
    notes, _, _ = make(store)
    review = reviewer(store, notes)
    before = review.apply(edits.lock(review.beads, 6))
    review = reviewer(store, notes)
    with pytest.raises(InputError, match=message):
        review.apply(edit(review.beads))
    assert store.load(notes.source.id) == before.notes


def test_a_sentence_that_is_not_there_cannot_move(store: Store) -> None:
    notes, _, _ = make(store)
    review = reviewer(store, notes)
    review.apply(edits.split(review.beads, 3, 1, 0))
    review = reviewer(store, notes)
    with pytest.raises(InputError, match="bead 3: has no Chinese sentence to move"):
        edits.move(review.beads, 3, "last", "zh")


def test_undoing_brings_replaced_locks_back(store: Store) -> None:
    notes, _, _ = make(store)
    states = [kinds(notes)]
    for edit in (
        lambda beads: edits.lock(beads, 4),
        lambda beads: edits.split(beads, 3, 1, 1),
        lambda beads: edits.merge(beads, 4, 5),
        lambda beads: edits.pair(beads, (3, 6), (3, 5)),
        lambda beads: edits.unlock(beads, 3),
    ):
        review = reviewer(store, notes)
        states.append(kinds(review.apply(edit(review.beads))))
    assert ([2, 3, 4, 5], [2, 3, 4], True) in states[-2]
    for state in reversed(states[:-1]):
        assert kinds(reviewer(store, notes).undo()) == state
    with pytest.raises(InputError, match="nothing to undo"):
        reviewer(store, notes).undo()


def edit_of(beads: Beads, action: str, a: int, b: int) -> Edit:
    """An action drawn at random; many are impossible."""
    side = cast(Literal["en", "zh"], ("en", "zh")[b % 2])
    which = cast(Literal["first", "last"], ("first", "last")[b // 2 % 2])
    number = a % (len(beads) + 1)
    english, chinese = (a % 12, a % 12 + b % 3), (b % 12, b % 12 + a % 2)
    return {
        "merge": lambda: edits.merge(beads, number, number + 1),
        "split": lambda: edits.split(beads, number, b % 3, b % 2),
        "move": lambda: edits.move(beads, number, which, side),
        "set": lambda: edits.pair(beads, english, chinese if b % 5 else None),
        "lock": lambda: edits.lock(beads, number),
        "unlock": lambda: edits.unlock(beads, number),
    }[action]()


def inside(bead: Bead, made: Beads) -> bool:
    return any({*bead.source} <= {*new.source} and {*bead.target} <= {*new.target} for new in made)


actions = st.tuples(
    st.sampled_from(["merge", "split", "move", "set", "lock", "unlock"]),
    st.integers(0, 40),
    st.integers(0, 40),
)


@pytest.mark.slow
@given(drawn=st.lists(actions, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_actions_and_as_many_undos(drawn: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "study.db") as store:
        notes, _, _ = make(store)
        states = [notes]
        for action, a, b in drawn:
            review = reviewer(store, notes)
            try:
                edit = edit_of(review.beads, action, a, b)
                changed = review.apply(edit)
            except InputError:
                assert store.load(notes.source.id) == states[-1]
                continue
            states.append(changed.notes)
            assert changed.notes.alignment
            beads = changed.notes.alignment.beads
            assert [i for bead in beads for i in bead.source] == list(range(len(ENGLISH)))
            assert [i for bead in beads for i in bead.target] == list(range(len(CHINESE)))
            assert set(edit.made) <= set(beads)
            kept = {bead for bead in review.beads if bead.locked} - set(edit.taken)
            assert {bead for bead in kept if not inside(bead, edit.made)} <= set(beads)
            assert not changed.warnings
            assert make(store)[0] == changed.notes
        while len(states) > 1:
            assert store.load(notes.source.id) == states.pop()
            reviewer(store, notes).undo()
        assert store.load(notes.source.id) == notes


def lock_three(store: Store) -> None:
    """A merged bead, a "yes" of which there are several, and a sentence alone."""
    notes, _, _ = make(store)
    for edit in (
        lambda beads: edits.pair(beads, (6, 7), (5, 7)),
        lambda beads: edits.pair(beads, (9, 9), (9, 9)),
        lambda beads: edits.pair(beads, None, (11, 11)),
    ):
        review = reviewer(store, notes)
        review.apply(edit(review.beads))


def test_a_new_run_keeps_locks_and_computes_nothing(store: Store) -> None:
    lock_three(store)
    notes, warnings, ran = make(store)
    assert [bead for bead in kinds(notes) if bead[2]] == [
        ([5, 6], [4, 5, 6], True),
        ([8], [8], True),
        ([], [10], True),
    ]
    assert not warnings
    assert not ran


def test_locks_follow_their_sentences_into_edited_files(store: Store) -> None:
    lock_three(store)
    english = ("yes", "a word before we begin", *ENGLISH[:2], *ENGLISH[3:])
    chinese = ("YES", "YES", "A WORD BEFORE WE BEGIN", *CHINESE)
    notes, warnings, _ = make(store, english, chinese)
    assert [bead for bead in kinds(notes) if bead[2]] == [
        ([6, 7], [7, 8, 9], True),
        ([9], [11], True),
        ([], [13], True),
    ]
    assert not warnings


def test_an_edited_lock_is_reported_and_comes_back_with_its_text(store: Store) -> None:
    lock_three(store)
    english = (*ENGLISH[:5], "then it wonders", *ENGLISH[6:])
    notes, warnings, _ = make(store, english)
    assert [bead for bead in kinds(notes) if bead[2]] == [([8], [8], True), ([], [10], True)]
    (warning,) = warnings
    assert "“then it guesses a second model is large”" in warning
    assert len(lost_locks(store, notes)) == 1
    review = reviewer(store, notes)
    (again,) = review.apply(edits.lock(review.beads, 1)).warnings
    assert again == warning
    back, warnings, _ = make(store)
    assert not warnings
    assert ([5, 6], [4, 5, 6], True) in kinds(back)
    assert ([0], [0], True) in kinds(back)


def test_a_newer_lock_outranks_one_that_comes_back(store: Store) -> None:
    lock_three(store)
    english = (*ENGLISH[:5], "then it wonders", *ENGLISH[6:])
    notes, _, _ = make(store, english)
    review = reviewer(store, notes)
    review.apply(edits.pair(review.beads, (7, 7), (6, 6)))
    back, warnings, _ = make(store)
    assert len(warnings) == 1
    assert ([6], [5], True) in kinds(back)


def test_locks_that_do_not_apply_can_be_forgotten(store: Store) -> None:
    lock_three(store)
    review = reviewer(store, make(store)[0])
    with pytest.raises(InputError, match="nothing to forget"):
        review.forget()
    edited, _, _ = make(store, (*ENGLISH[:5], "then it wonders", *ENGLISH[6:]))
    assert not reviewer(store, edited).forget().warnings
    assert len([bead for bead in kinds(make(store)[0]) if bead[2]]) == 2
    edited, _, _ = make(store, (*ENGLISH[:5], "then it wonders", *ENGLISH[6:]))
    assert len(reviewer(store, edited).undo().warnings) == 1


def test_many_warnings_are_summed_up(store: Store) -> None:
    notes, _, _ = make(store)
    for number in range(1, 8):
        review = reviewer(store, notes)
        review.apply(edits.lock(review.beads, number))
    _, warnings, _ = make(store, ENGLISH, tuple(f"{text} TOO" for text in CHINESE))
    assert len(warnings) == 4
    assert ": 4 more" in warnings[-1]


def test_an_edited_text_is_the_same_talk_under_its_path_or_title(store: Store) -> None:
    lock_three(store)
    for origin, title in ((ORIGIN, "Another title"), ("/talks/other.vtt", "Another title")):
        notes, warnings, _ = make(store, (*ENGLISH, "and goodbye"), origin=origin, title=title)
        assert sum(locked for *_, locked in kinds(notes)) == 3
        assert not warnings
        assert [row.id for row in store.talks()] == [notes.source.id]


def test_a_talk_given_again_for_another_audience_is_another_talk(store: Store) -> None:
    """It shares most of its sentences, but neither path nor title."""
    lock_three(store)
    first = store.talks()[0].id
    english = (*ENGLISH[:5], "then it wonders", *ENGLISH[6:])
    notes, _, _ = make(store, english, origin="/talks/other.vtt", title="Another title")
    assert notes.source.id != first
    assert len(store.talks()) == 2
    assert sum(locked for *_, locked in kinds(store.load(first))) == 3


def test_another_talk_from_the_same_path_is_another_talk(store: Store) -> None:
    """``fix undo`` there never touches the locks of the talk that was there before."""
    lock_three(store)
    first = store.talks()[0].id
    locks = locks_of(store, first)
    words = ("welcome to our kitchen", "today we bake a cake", "mix flour with sugar", "then wait an hour")
    notes, warnings, _ = make(store, words, tuple(text.upper() for text in words), origin=ORIGIN)
    assert notes.source.id != first
    assert not any(locked for *_, locked in kinds(notes))
    assert not warnings
    with pytest.raises(InputError, match="nothing to undo"):
        reviewer(store, notes).undo()
    assert locks_of(store, first) == locks
    assert len(store.talks()) == 2


def test_only_changed_sentences_are_encoded_again(store: Store, bags: BagEncoder) -> None:
    make(store)
    bags.encoded.clear()
    make(store, ENGLISH, (*CHINESE[:9], "SO CHOOSE WISELY", *CHINESE[10:]))
    assert set(bags.encoded) == {"SO CHOOSE WISELY"}


def test_a_paragraph_that_a_person_has_seen_is_not_doubtful(store: Store) -> None:
    long = "nobody has translated this sentence " * 6
    notes, _, _ = make(store, (*ENGLISH[:4], long, *ENGLISH[4:]))
    (doubtful,) = [para for para in notes.paragraphs if 4 in para.english]
    assert doubtful.doubtful
    for bead in reviewed(notes):
        if bead.paragraph == doubtful.index + 1:
            review = reviewer(store, notes)
            review.apply(edits.lock(review.beads, bead.number))
    (sure,) = [para for para in store.load(notes.source.id).paragraphs if 4 in para.english]
    assert (sure.score, sure.doubtful) == (1.0, False)


def test_the_worst_come_first_and_locked_ones_are_left_out(store: Store) -> None:
    notes, _, _ = make(store)
    beads = reviewed(notes)
    assert [bead.number for bead in beads] == list(range(1, 11))
    assert [len(bead.english) for bead in beads] == [1, 1, 2, 1, 1, 1, 1, 1, 1, 1]
    listed = worst(beads, 4)
    assert [bead.bead.score for bead in listed] == sorted(bead.bead.score for bead in beads)[:4]
    review = reviewer(store, notes)
    changed = review.apply(edits.lock(review.beads, listed[0].number))
    assert listed[0].number not in [bead.number for bead in worst(reviewed(changed.notes), 20)]


def test_each_bead_knows_its_time_and_paragraph(store: Store) -> None:
    notes, _, _ = make(store)
    beads = reviewed(notes)
    assert (beads[2].start_s, beads[2].end_s, beads[2].paragraph) == (10.0, 19.0, 1)
    assert beads[-1].paragraph == len(notes.paragraphs)


def test_another_encoder_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _, _ = make(store)
    other = BagEncoder()
    other.name = "bags-2"
    monkeypatch.setattr(engines, "encoder", lambda name: other)
    with pytest.raises(InputError, match=r"aligned with bags-1, not with bags-2\nUse --encoder NAME"):
        reviewer(store, notes)


def test_without_a_translation_there_is_nothing_to_review(store: Store) -> None:
    from msgspec.structs import replace

    notes, _, _ = make(store)
    store.save(replace(notes, alignment=None), key="k")
    with pytest.raises(InputError, match="has no translation"):
        reviewer(store, notes)


def test_two_people_at_once(store: Store) -> None:
    notes, _, _ = make(store)
    mine, yours = reviewer(store, notes), reviewer(store, notes)
    done = yours.apply(edits.lock(yours.beads, 1))
    with pytest.raises(StoreError, match="in the meantime"):
        mine.apply(edits.lock(mine.beads, 2))
    assert store.load(notes.source.id) == done.notes
    assert [locked for *_, locked in kinds(make(store)[0])].count(True) == 1
