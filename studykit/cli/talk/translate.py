"""``studykit translate``: a talk in the other language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    FETCHING,
    echo_json,
    json_option,
    output_option,
    quiet_option,
    takes,
    warn,
    write_output,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.talk.stages.translated import Translation
    from studykit.talk.stages.translation import Estimate
    from studykit.translate import TermStatus

__all__ = ["translate"]


@click.command()
@click.argument("source", metavar="FILE")
@click.option("--engine", metavar="NAME", help="captions, transformers or openai.  [default: transformers]")
@click.option("--model", metavar="NAME", help="The model's name or folder.")
@click.option("--strict", is_flag=True, help="Exit with code 1 if a term or a sentence is missing.")
@click.option("--dry-run", is_flag=True, help="Estimate tokens, cost and time; send nothing.")
@output_option("Write the translation to this file.")
@takes(
    *("translate.fix", "translate.budget", "glossary.paths", "ingest.language", "segment.boundaries"),
    *(*FETCHING, "store.db"),
)
@quiet_option
@json_option
def translate(
    source: str,
    engine: str | None,
    model: str | None,
    strict: bool,
    dry_run: bool,
    output: Path | None,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> int:
    """Translate a talk into Chinese, or a Chinese one into English.

    FILE is anything that `studykit notes` takes, including links and talks in the database. Prints one
    paragraph per line, in a form that `studykit notes --translation` reads; a sentence that could not be
    translated stays as it was, in [brackets]. Every translated paragraph is kept: if you run it again,
    only what is missing or has changed is sent.

    Engines: `transformers` runs a model on this machine, `openai` uses a service with OpenAI's
    interface (hosted, vLLM, Ollama, llama.cpp; see translate.base_url in the settings), `captions`
    uses the talk's own captions in the other language.

    \b
    studykit translate talk.en.vtt --engine openai --model gpt-4o-mini --dry-run
    studykit translate talk.en.vtt --engine openai --model qwen3 --budget 0.50 > talk.zh.txt
    studykit translate talk.zh.txt --model ./opus-mt-zh-en --json
    """
    from studykit.store import Store
    from studykit.talk import open_talk

    options = options.updated({"translate.engine": _engine(engine, model, options.translate.engine)})
    with Store(options.store.db) as store, StageProgress(quiet=quiet) as progress:
        by_engine = options.translate.engine != "captions"
        talk = open_talk(source, store=store, options=options, translating=by_engine, progress=progress)
        if dry_run:
            _print_estimate(talk.estimate(), as_json)
            return 0
        made = talk.translate()
    warn(talk.warnings)
    if output:
        write_output(output, _text(made))
    if as_json:
        echo_json(_summary(made))
    elif not output:
        click.echo(_text(made), nl=False)
    _print_terms(made)
    return 1 if strict and (made.terms("missing") or made.untranslated) else 0


def _engine(engine: str | None, model: str | None, default: str) -> str:
    """Engine and model joined, as in the setting."""
    kind, _, its_model = (engine or default).partition(":")
    chosen = model or its_model
    return f"{kind}:{chosen}" if chosen else kind


def _print_estimate(estimate: Estimate, as_json: bool) -> None:
    from studykit.timecode import to_clock

    if as_json:
        echo_json(
            {
                "engine": estimate.engine,
                "sentences": estimate.sentences,
                "missing": estimate.missing,
                "tokens": {"prompt": estimate.usage.prompt, "completion": estimate.usage.completion},
                "cost": estimate.cost,
                "seconds": round(estimate.seconds, 1),
            }
        )
        return
    click.echo(f"{estimate.engine}")
    click.echo(f"  {estimate.missing} of {estimate.sentences} sentences to translate")
    click.echo(f"  about {estimate.usage.prompt} tokens in, {estimate.usage.completion} out")
    known = estimate.cost is not None
    click.echo(
        f"  cost: about {estimate.cost:.4f}" if known else "  cost: unknown, no price in [translate.prices]"
    )
    click.echo(f"  time: about {to_clock(estimate.seconds)}")


def _text(made: Translation) -> str:
    """One paragraph per line; untranslated sentences are in brackets."""
    from studykit.languages import join_sentences

    lines = []
    for para in made.paragraphs:
        sentences = [made.sentences[i] for i in para.sentences]
        texts = [
            f"[{sent.source}]" if sent.text is None else sent.text
            for sent in sentences
            if sent.joined is None
        ]
        lines.append(join_sentences(texts, made.target))
    return "".join(f"{line}\n" for line in lines if line)


def _summary(made: Translation) -> dict[str, Any]:
    return {
        "source_language": made.source,
        "target_language": made.target,
        "engine": made.engine,
        "sentences": [
            {
                "index": sent.index,
                made.source: sent.source,
                made.target: sent.text,
                "cached": sent.cached,
                "joined": sent.joined,
                "terms": [{"en": use.en, "zh": use.zh, "status": use.status} for use in sent.terms],
            }
            for sent in made.sentences
        ],
        "unmatched": list(made.unmatched),
        "untranslated": [sent.index for sent in made.untranslated],
        "spent": made.spent,
    }


def _print_terms(made: Translation) -> None:
    statuses: tuple[TermStatus, ...] = ("right", "variant", "missing")
    click.echo(f"terms: {', '.join(f'{len(made.terms(status))} {status}' for status in statuses)}", err=True)
    for status in statuses[1:]:
        for sent, use in made.terms(status):
            wanted, said = (use.zh, use.en) if made.source == "en" else (use.en, use.zh)
            click.echo(f"  sentence {sent.index + 1}: {said} → {wanted} is {status}", err=True)
    if made.unmatched:
        warn([f"captions without a counterpart in the talk: {' '.join(made.unmatched)}"])
    if made.untranslated:
        numbers = ", ".join(str(sent.index + 1) for sent in made.untranslated)
        warn([f"no translation of sentences {numbers}"])
