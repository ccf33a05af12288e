"""Mini-demos: one idea a file, small enough to read before running it.

Each shows a claim that speakers make about language models, by computing it on tiny data of its
own. docs/writing-a-demo.md says how one is built. To add one: a module here, and its name in
``NAMES``.
"""

from __future__ import annotations

from importlib import import_module

from studykit.demos.form import LAYERS, ClaimError, Demo, Numbers, Runnable

__all__ = ["LAYERS", "NAMES", "ClaimError", "Demo", "Numbers", "Runnable", "load"]

NAMES = (
    "three_stages",
    "fineweb_filter",
    "language_filter",
    "minhash_dedup",
    "quality_filter",
    "model_collapse",
    "data_mixture",
    "data_order",
    "regurgitation",
    "bits_bytes_tokens",
    "multimodal_tokens",
    "bpe",
    "chinese_tokens",
    "strawberry",
    "next_token",
    "embeddings",
    "sentiment_neuron",
    "autograd",
    "watch_loss",
    "tiny_gpt",
    "ablation",
    "causal_vs_bidirectional",
    "param_count",
    "attention_induction",
    "moe_router",
    "rope",
    "kv_cache",
    "kv_memory",
    "flash_attention",
    "sliding_window",
    "sparse_attention",
    "fixed_state_forgets",
    "linear_attention",
    "matmul_parallel",
    "scaling_law",
    "quantise",
    "sampling",
    "nucleus",
    "speculative_decoding",
    "base_autocomplete",
    "few_shot_base",
    "lossy_compression",
    "in_context_learning",
    "icl_shuffled_labels",
    "recall_vs_context",
    "text_diffusion",
    "needle_haystack",
    "inference_scaling",
    "context_distillation",
    "compaction",
    "recursive_lm",
    "prompt_caching",
    "paged_kv",
    "continuous_batching",
    "chat_template",
    "sft",
    "hallucination",
    "idk_mitigation",
    "tool_use",
    "code_tool",
    "prompt_injection",
    "knowledge_of_self",
    "tokens_to_think",
    "jagged",
    "distillation",
    "guess_and_check",
    "length_grows",
    "unlock_not_teach",
    "verifier",
    "rl_bits",
    "grpo",
    "alphago_nim",
    "error_compounding",
    "reward_model",
    "discriminator_gap",
    "condorcet",
    "reward_hacking",
    "kl_control",
    "dpo",
    "ppo_clip",
    "process_reward",
    "do_weights_change",
    "rag",
    "chunking",
    "agentic_search",
    "knowledge_graph",
    "pay_somewhere",
    "rag_or_train",
    "bits_per_param",
    "naive_finetune",
    "catastrophic_forgetting",
    "synthetic_cpt",
    "self_study",
    "seal",
    "lora",
    "prefix_tuning",
    "learn_vs_forget",
    "tiny_lora",
    "federated",
    "conflicting_updates",
    "continual_learning",
    "test_time_training",
    "elo",
    "contamination",
)
"""All demos, in the order of the stack."""


def load(name: str) -> Runnable:
    """The demo of that name; raises ``KeyError`` when there is none."""
    if name not in NAMES:
        raise KeyError(name)
    return Runnable.of(import_module(f"studykit.demos.{name}"))
