"""A small translation model made on the spot: Marian's architecture, SentencePiece, our own sentences."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["PAIRS", "make_marian"]

_NOUNS = {"model": "模型", "cat": "猫", "teacher": "老师", "student": "学生", "machine": "机器", "XT1": "XT1"}
_VERBS = {"reads": "读", "keeps": "保存", "sees": "看见"}
_OBJECTS = {"a book": "一本书", "the word": "这个词", "a picture": "一张图", "XT1": "XT1", "XT2": "XT2"}

PAIRS = {
    f"The {noun} {verb} {thing}.": f"{zh_noun}{zh_verb}{zh_thing}。"
    for noun, zh_noun in _NOUNS.items()
    for verb, zh_verb in _VERBS.items()
    for thing, zh_thing in _OBJECTS.items()
    if noun != thing
}
"""English and Chinese, with placeholders among them."""

_STEPS, _BATCH = 600, 24


def make_marian(folder: Path) -> Path:
    """Train the model on ``PAIRS`` for some seconds and save it as a folder that transformers loads."""
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    torch.manual_seed(1)
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    words: dict[str, int] = {"</s>": 0, "<unk>": 1}
    for side, texts in (("source", PAIRS), ("target", PAIRS.values())):
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_prefix=str(folder / side),
            vocab_size=120,
            hard_vocab_limit=False,
            character_coverage=1.0,
            user_defined_symbols=["XT1", "XT2"],
            minloglevel=2,
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
        for i in range(pieces.vocab_size()):
            words.setdefault(pieces.id_to_piece(i), len(words))
    words["<pad>"] = len(words)
    (folder / "vocab.json").write_text(json.dumps(words), encoding="utf-8")
    tokenizer = MarianTokenizer(
        vocab=str(folder / "vocab.json"),
        source_spm=str(folder / "source.spm"),
        target_spm=str(folder / "target.spm"),
        source_lang="en",
        target_lang="zh",
    )
    pad = tokenizer.pad_token_id
    model = MarianMTModel(
        MarianConfig(
            vocab_size=len(words),
            d_model=48,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=96,
            decoder_ffn_dim=96,
            max_position_embeddings=64,
            dropout=0.0,
            pad_token_id=pad,
            eos_token_id=0,
            decoder_start_token_id=pad,
            forced_eos_token_id=None,
            scale_embedding=True,
        )
    )
    every = tokenizer(list(PAIRS), text_target=list(PAIRS.values()), return_tensors="pt", padding=True)
    every["labels"][every["labels"] == pad] = -100
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=_STEPS)
    for _ in range(_STEPS):
        some = torch.randperm(len(PAIRS))[:_BATCH]
        model(**{name: rows[some] for name, rows in every.items()}).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    model.eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
