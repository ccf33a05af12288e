"""A small glossary for translating."""

from __future__ import annotations

from typing import Any

from studykit.glossary import Entry, Glossary

__all__ = ["GLOSSARY", "entry"]


def entry(id: str, english: str, chinese: str, **more: Any) -> Entry:
    """An entry without much said about it."""
    return Entry(
        id=id,
        english=english,
        chinese=chinese,
        category="general",
        definition_en="d",
        definition_zh="释",
        source="test",
        **more,
    )


GLOSSARY = Glossary(
    [
        entry("attention", "attention", "注意力", aliases=("attention mechanism",)),
        entry("kv-cache", "KV cache", "键值缓存", chinese_accepted=("KV 缓存",)),
        entry("lora", "LoRA", "低秩适配", keep_english=True, aliases=("low-rank adaptation",)),
        entry("softmax", "softmax", "softmax 函数", keep_english=True, chinese_accepted=("归一化指数",)),
        entry("batch", "batch", "批次", ambiguous=("batch",), see_also=("kv-cache",)),
        entry("multi-head", "multi-head attention", "多头注意力"),
        entry("rag", "retrieval-augmented generation", "检索增强生成", abbreviation="RAG"),
    ]
)
