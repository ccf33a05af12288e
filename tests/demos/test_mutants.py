"""Right for the right reason: a demo whose story has lost its reason does not pass ``check``.

Each mutant is one edit of a demo's program, after which what its lines say is no longer why the numbers
come out so. ``DEMO.mechanism`` switches off one thing; these break others that the claim rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import pytest

from studykit.demos import ClaimError, load


@dataclass(frozen=True)
class Mutant:
    demo: str
    name: str
    old: str
    new: str


MUTANTS = (
    Mutant(
        "tiny_gpt", "no MLP", "for layer in (self.attention, self.mlp):", "for layer in (self.attention,):"
    ),
    Mutant(
        "attention_induction", "keys stay untrained", '"key": np.einsum("bpi,', '"key": 0 * np.einsum("bpi,'
    ),
    Mutant("rope", "all pairs turn alike", "-np.arange(0, WIDTH, 2) / WIDTH", "-0.5 * np.ones(WIDTH // 2)"),
    Mutant(
        "scaling_law",
        "fitted on the runs that it foretells",
        "power_law(x[:runs], y[:runs])",
        "power_law(x, y)",
    ),
    Mutant(
        "in_context_learning",
        "never trained",
        "weights, sink = train(rng)",
        "weights, sink = np.eye(DIALS), 4.0",
    ),
    Mutant(
        "context_distillation",
        "taught the likeliest answers",
        "distil(base, asked, shown)",
        "distil(base, asked, np.eye(len(CITIES))[shown.argmax(1)])",
    ),
    Mutant(
        "distillation",
        "the teacher is the truth",
        "teacher, test = learn(*examples(many)), examples(TEST)",
        "teacher, test = nature, examples(TEST)",
    ),
    Mutant("grpo", "no group mean", "better = rewards - rewards.mean(-1, keepdims=True)", "better = rewards"),
    Mutant("alphago_nim", "never explores", "HOPE, RATE = 0.02, 1.0", "HOPE, RATE = 0.02, 0.0"),
    Mutant(
        "kv_cache",
        "no values kept",
        "self.values[self.length : end] = keys, values",
        "self.values[self.length : end] = keys, 0",
    ),
    Mutant("fineweb_filter", "menus stay", "len(unlinked) > 0.5 * len(text)", "len(text) > 0"),
    Mutant(
        "rag",
        "all words count alike",
        "math.log(1 + (n - held + 0.5) / (held + 0.5)) for w, held in holders.items()",
        "1.0 for w in holders",
    ),
    Mutant(
        "test_time_training",
        "learns a letter before it tells it",
        "        found.append(",
        "        learn(weights, before, letter)\n        found.append(",
    ),
    Mutant("minhash_dedup", "pages read as single words", "page[1:-1]) * WORDS + page[2:]", "0) * WORDS"),
    Mutant(
        "quality_filter",
        "the examples are of all kinds",
        "classifier(write(languages[wanted], examples, chance)",
        "classifier(crawl[::60]",
    ),
    Mutant(
        "regurgitation",
        "a page counts once however often it is read",
        "[page[i]] += times",
        "[page[i]] = 1",
    ),
    Mutant(
        "language_filter",
        "guesses the first language",
        "return min(known, key=",
        "return next(iter(known)) or min(known, key=",
    ),
    Mutant(
        "data_order", "pages are shuffled in every order", 'if order == "mixed" else row', "if order else row"
    ),
    Mutant(
        "chinese_tokens",
        "English is written in Chinese characters' bytes",
        "made.append((f\"{' '.join(english)}.\",",
        'made.append((f"{when}{who}{does}{what}.",',
    ),
    Mutant(
        "embeddings",
        "never trained",
        "both = both - RATE * mean",
        "both = both - 0 * mean",
    ),
    Mutant(
        "discriminator_gap",
        "places in the order are mixed up",
        "heard.argsort(-1).argsort(-1)",
        "heard.argsort(-1)",
    ),
    Mutant(
        "ablation",
        "the MLP is never taken out",
        'return (0 * x, lambda dy: 0 * dy) if self.off == "MLP" else',
        "return",
    ),
    Mutant(
        "causal_vs_bidirectional",
        "both sides see the same side twice",
        "np.add.at(counts, (before, after, word), 1.0)",
        "np.add.at(counts, (before, before, word), 1.0)",
    ),
    Mutant("sentiment_neuron", "nothing is carried along", "+ state @ weights", "+ 0 * state @ weights"),
    Mutant("world_model", "nothing is carried along", "(state[:, None] @", "(0 * state[:, None] @"),
    Mutant("condorcet", "two vote alike", '"Cleo": (2, 0, 1)', '"Cleo": (0, 1, 2)'),
    Mutant(
        "rl_bits",
        "the last answers are struck out by halves",
        "return min(int(chance.integers(count)) + 1, count - 1)",
        "return max(1, count.bit_length() - 1)",
    ),
    Mutant(
        "icl_shuffled_labels",
        "topics tell the task",
        "TOPICS, INPUTS, ASKED, LABELS = 5, 16, 4, 2",
        "TOPICS, INPUTS, ASKED, LABELS = 20, 16, 1, 2",
    ),
    Mutant(
        "text_diffusion",
        "looks to the left only",
        "both = left * right",
        "both = left + 0 * right",
    ),
    Mutant(
        "kl_control",
        "the price is paid to every answer alike",
        "np.log(np.maximum(policy, 1e-300) / start)",
        "drift(policy, start)",
    ),
    Mutant(
        "flash_attention",
        "only the sum is shrunk",
        "mixed = mixed * shrink + ",
        "mixed = mixed + ",
    ),
    Mutant(
        "matmul_parallel",
        "recurrence does not wait for the state before",
        'before: list[Part] = [("state", t - 1)] if t else []',
        "before: list[Part] = []",
    ),
    Mutant(
        "nucleus",
        "a fixed number of words under another name",
        "if total >= p:",
        "if sum(map(bool, kept)) >= 100:",
    ),
    Mutant(
        "speculative_decoding",
        "every guess is kept",
        "return min(1.0, p[letter] / q[letter])",
        "return 1.0",
    ),
    Mutant(
        "paged_kv",
        "one row for all tokens of a page",
        "] + token % self.stretch",
        "]",
    ),
    Mutant(
        "continuous_batching",
        "answers heed their neighbours",
        "next_letter(requests[who].text)",
        "next_letter(requests[who].text + str(batch))",
    ),
    Mutant(
        "prompt_caching",
        "words later on that are the same count too",
        "(i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)",
        "(i for i, (a, b) in enumerate(zip(one, other, strict=False)) if i > 9 and a != b)",
    ),
    Mutant(
        "needle_haystack",
        "asked for another sentence",
        "asked = unit(keys[at] + ",
        "asked = unit(keys[at - 1] + ",
    ),
    Mutant(
        "few_shot_base",
        "the prompt is not read",
        "for line in prompt:",
        "for line in prompt[:0]:",
    ),
    Mutant(
        "recursive_lm",
        "half of the text is never read",
        "return int(rounded(left + right, adding))",
        "return int(rounded(2 * left, adding))",
    ),
    Mutant(
        "prompt_injection",
        "a forged mark ends no page",
        'elif sentence[0] == inside.replace("<", "</"):',
        "elif sentence is prompt[-1]:",
    ),
    Mutant(
        "error_compounding",
        "the copy comes back from everywhere",
        "return {place: TEACHER[min(seen, key=lambda one: (abs(one - place), one))] for place in PLACES}",
        "return dict(TEACHER)",
    ),
    Mutant(
        "batched_lora",
        "the first person's LoRA for all",
        "thin = machine.product(x[mine], machine.fetch(a[person]))",
        "thin = machine.product(x[mine], machine.fetch(a[who[0]]))",
    ),
)


def broken(mutant: Mutant) -> ModuleType:
    """The demo's program after the edit, as a module of its own."""
    source = load(mutant.demo).source
    assert source.count(mutant.old) == 1, "the demo has changed: write its mutant anew"
    module = ModuleType(f"studykit.demos.{mutant.demo}")
    exec(
        compile(source.replace(mutant.old, mutant.new), f"{mutant.demo} ({mutant.name})", "exec"),
        vars(module),
    )
    return module


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.demo}: {mutant.name}")
def test_check_notices(mutant: Mutant) -> None:
    demo = broken(mutant)
    with pytest.raises(ClaimError):
        demo.check(demo.run(0))
