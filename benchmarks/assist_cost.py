"""What a dry run of ``notes --assist`` says, beside what a scripted service counts.

    PYTHONPATH=. python benchmarks/assist_cost.py --minutes 240

The talk is that of ``growth.py``. The service answers every request with as many texts as it asks for, taken
in turn from those written by hand for the example, and counts tokens as the estimate does. Most are dropped
by the proof, since they are about another talk; here only their length matters.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.growth import SENTENCE_S, endless, shipped_pairs, write_talk
from studykit.types import AssistFeature
from tests.assist.lecture import GOOD
from tests.assist.service import serving_answers

PRICES = "[translate.prices]\nfake = [1.0, 4.0]\n"


def answers() -> Any:
    """A function that answers in full measure."""
    turns: dict[str, Iterator[Any]] = {
        name: cycle(GOOD[name]) for name in ("parts", "claims", "items", "missed", "misread", "questions")
    }

    def answer(feature: AssistFeature, document: Mapping[str, Any]) -> Any:
        parts, count = len(document["parts"]), document["count"]
        match feature:
            case "overview":
                return GOOD["overview"]
            case "parts":
                return {"parts": list(islice(turns["parts"], parts))}
            case "questions":
                return {"questions": list(islice(turns["questions"], 3 * parts))}
            case "items":
                items = list(islice(turns["items"], len(document["items"])))
                return {"items": items, "missed": list(islice(turns["missed"], count)), "wrong": []}
            case _:
                return {feature: list(islice(turns[feature], count))}

    return answer


def run(folder: Path, url: str, *more: str) -> Any:
    """The JSON that the command prints."""
    command = (
        *(sys.executable, "-m", "studykit", "notes", "talk.en.vtt", "--translation", "talk.zh.txt"),
        *("--format", "json", "-q", "--json", "--config", "prices.toml"),
        *("--assist", "openai:fake", "--base-url", url, *more),
    )
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main() -> None:
    """Print both, by feature and together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=240)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name, serving_answers(answers()) as service:
        folder = Path(name)
        (folder / "prices.toml").write_text(PRICES)
        write_talk(folder, list(islice(endless(shipped_pairs()), round(60 * minutes / SENTENCE_S))))
        features = run(folder, service.url, "--dry-run")["features"]
        expected = [sum(one["tokens"][side] for one in features) for side in ("prompt", "completion")]
        for one in features:
            print(f"{one['feature']}: {one['requests']} requests, {one['tokens']}, cost {one['cost']:.4f}")
        run(folder, service.url)
        counted = [service.prompt_tokens, service.completion_tokens]
    for side, one, other in zip(("prompt", "completion"), expected, counted, strict=True):
        print(f"{side}: {one} expected, {other} counted, {one / other - 1:+.1%}")
    costs = [(prompt + 4 * completion) / 1e6 for prompt, completion in (expected, counted)]
    print(f"cost: {costs[0]:.4f} expected, {costs[1]:.4f} counted, {costs[0] / costs[1] - 1:+.1%}")


if __name__ == "__main__":
    main()
