"""Translation models on this machine: a small Marian model through the engine's ordinary path."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from studykit import engines
from studykit.engines.translators.transformers_mt import TransformersSequences, _directed
from studykit.errors import EngineError, MissingExtraError, MissingModelError
from studykit.options import TranslateOptions
from studykit.resources import data_dir
from studykit.translate import SequenceTranslator, SourceParagraph, TermBook
from studykit.translate.sequence import masked, unmasked
from tests.cli.calls import calls_in
from tests.engines.small_marian import PAIRS, make_marian
from tests.translate.books import GLOSSARY

INSTALLED = all(find_spec(package) for package in ("torch", "transformers", "sentencepiece"))
needs_extra = pytest.mark.skipif(
    not INSTALLED, reason="needs pip install 'studykit[translate]'; CI runs: pytest -m slow tests/engines"
)


@pytest.fixture(scope="session")
def marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_marian(tmp_path_factory.mktemp("models") / "small-en-zh")


def translator(folder: Path, **options: Any) -> SequenceTranslator:
    made = engines.translator(TranslateOptions(engine=f"transformers:{folder}", **options), "zh")
    assert isinstance(made, SequenceTranslator)
    return made


def translated(engine: SequenceTranslator, *sentences: str) -> list[str | None]:
    rows = TermBook(GLOSSARY, "en", "zh").rows(sentences)
    paragraph = SourceParagraph(
        source="en", target="zh", sentences=sentences, wanted=tuple(range(len(sentences))), terms=rows
    )
    (answer,) = engine.translate([paragraph], most_tokens=None, cancelled=lambda: False)
    return [answer.sentences.get(i) for i in range(len(sentences))]


@pytest.mark.slow
@needs_extra
def test_translations_in_batches_of_any_size_are_the_same(marian: Path) -> None:
    english = [text for text in PAIRS if "XT" not in text]
    for batch in (1, 7, 64):
        made = translated(translator(marian, batch=batch), *english)
        assert made == [PAIRS[text] for text in english]
    assert translated(translator(marian, beams=1), *english[:5]) == [PAIRS[text] for text in english[:5]]


@pytest.mark.slow
@needs_extra
def test_terms_go_through_as_placeholders(marian: Path) -> None:
    made = translated(translator(marian), "The cat keeps the KV cache.", "The KV cache sees LoRA.")
    assert made == ["猫保存键值缓存。", "键值缓存看见LoRA。"]


@pytest.mark.slow
@needs_extra
def test_a_sentence_too_long_to_read_is_not_cut(marian: Path) -> None:
    long = "The cat reads a book. " * 40
    assert translated(translator(marian), long, "The cat reads a book.") == [None, "猫读一本书。"]


@pytest.mark.slow
@needs_extra
def test_the_name_changes_with_the_folders_files_and_the_search(marian: Path, tmp_path: Path) -> None:
    copy = tmp_path / "small-en-zh"
    shutil.copytree(marian, copy)
    (copy / "README.md").write_text("Another one.")
    names = {translator(marian).name, translator(copy).name, translator(marian, beams=2).name}
    assert len(names) == 3
    assert translator(marian).name == translator(marian).name


@pytest.mark.slow
@needs_extra
def test_the_notes_of_the_example(
    marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = calls_in(tmp_path, monkeypatch, capsys)
    shutil.copy(data_dir("examples") / "lecture.en.vtt", tmp_path)
    command = ("notes", "lecture.en.vtt", "--translate", f"transformers:{marian}", "--json")
    first = run(*command)
    assert first.code == 0
    assert first.json["doubtful"] > 0  # the model has seen none of this
    again = run(*command).json
    assert all(again["cached"].values())
    dry = run("translate", "lecture.en.vtt", "--model", str(marian), "--dry-run", "--json").json
    assert dry["cost"] is None


@pytest.mark.slow
@needs_extra
def test_models_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineError, match="is not a model"):
        translator(tmp_path / "empty")
    with pytest.raises(MissingModelError, match="hf download nobody/none"):
        engines.translator(TranslateOptions(engine="transformers:nobody/none"), "zh")


@pytest.mark.slow
@needs_extra
def test_a_model_that_chats_answers_through_its_template(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = {char: i for i, char in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    raw = Tokenizer(models.BPE(vocab={**letters, "<eos>": len(letters)}, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="<eos>", pad_token="<eos>")
    config = LlamaConfig(
        vocab_size=len(letters) + 1, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, eos_token_id=len(letters), max_position_embeddings=8192,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    paragraph = SourceParagraph(source="en", target="zh", sentences=("Hello there.",), wanted=(0,))

    def answer(name: str) -> Any:
        """Of the model and the tokenizer as they are; a folder's are loaded once in a process."""
        for part in (model, tokenizer):
            part.save_pretrained(tmp_path / name)
        options = TranslateOptions(engine=f"transformers:{tmp_path / name}")
        engine = engines.translator(options, "zh")
        return engine.translate([paragraph], most_tokens=20, cancelled=lambda: False)[0]

    with pytest.raises(EngineError, match="not a chat model"):
        answer("plain")
    tokenizer.chat_template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    made = answer("chat")  # weights are random, so what it says has no key
    assert made.sentences == {}
    assert made.usage.prompt > 500
    assert 0 < made.usage.completion <= 20


class _Tokenizer:
    """As much of a tokenizer as tells languages."""

    def __init__(self, *words: str) -> None:
        self.words = {word: i for i, word in enumerate(words)}
        self.src_lang = ""

    def get_vocab(self) -> dict[str, int]:
        return self.words

    def convert_tokens_to_ids(self, word: str) -> int:
        return self.words[word]


@pytest.mark.parametrize(
    ("words", "directed", "source"),
    [
        (["the"], ("", {}), ""),
        (["a", ">>cmn_Hans<<"], (">>cmn_Hans<< ", {}), ""),
        (["<2en>", "<2zh>"], ("<2zh> ", {}), ""),
        (["eng_Latn", "zho_Hans"], ("", {"forced_bos_token_id": 1}), "eng_Latn"),
        (["zh_CN", "en_XX"], ("", {"forced_bos_token_id": 0}), "en_XX"),
    ],
)
def test_each_family_is_told_the_language_in_its_own_way(
    words: list[str], directed: Any, source: str
) -> None:
    tokenizer = _Tokenizer(*words)
    assert _directed(tokenizer, "en", "zh") == directed
    assert tokenizer.src_lang == source


def test_placeholders_stand_for_terms_and_come_back_as_what_is_wanted() -> None:
    rows = TermBook(GLOSSARY, "en", "zh").rows(["A KV cache and RAG."])
    text, used = masked("The KV cache is no KV cache without RAG.", rows)
    assert text == "The XT1 is no KV cache without XT2."
    assert used == {"XT1": "键值缓存", "XT2": "检索增强生成"}
    assert unmasked("没有XT2，xt1 也不是 KV 缓存。", used) == "没有检索增强生成，键值缓存也不是 KV 缓存。"
    for lost in ("没有XT2。", "XT1 XT1 XT2", "XT12 和 XT2", ""):
        assert unmasked(lost, used) is None
    assert masked("XT1 is a name; RAG is not.", rows) == ("XT1 is a name; RAG is not.", {})


def test_a_sentence_whose_placeholders_are_lost_is_translated_as_it_is() -> None:
    class Forgetful(TransformersSequences):
        name, model = "forgetful", "f"

        def __init__(self) -> None:
            self.asked: list[list[str]] = []

        def generate(self, sentences: Any, source: str, target: str) -> list[str]:
            self.asked.append(list(sentences))
            return [f"译：{text.replace('XT1', '')}" for text in sentences]

    model = Forgetful()
    made = translated(SequenceTranslator(model, batch=8), "A KV cache.", "A cat.")
    assert made == ["译：A KV cache.", "译：A cat."]
    assert model.asked == [["A XT1.", "A cat."], ["A KV cache."]]


@pytest.mark.skipif(INSTALLED, reason="the packages are here")
def test_a_missing_extra_says_how_to_get_it() -> None:
    with pytest.raises(MissingExtraError, match=r"pip install 'studykit\[translate\]'"):
        engines.translator(TranslateOptions(), "zh")
