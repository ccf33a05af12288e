"""``studykit translate``: a talk in the other language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    StageProgress,
    config_option,
    db_option,
    echo_json,
    json_option,
    load_glossary,
    pipeline_options,
    quiet_option,
    settings,
)
from studykit.types import LANGUAGES

if TYPE_CHECKING:
    from studykit.pipeline import Estimate, Translation
    from studykit.translate import TermStatus

__all__ = ["translate"]


@click.command()
@click.argument("file")
@click.option("--engine", metavar="NAME", help="captions, transformers or openai.  [default: transformers]")
@click.option("--model", metavar="NAME", help="A model of the engine, or its folder.")
@click.option(
    "--glossary",
    "extra",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own glossary, used beside the built-in one.",
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of FILE.  [default: detected]")
@click.option("--fix", is_flag=True, help="Put terms right where that is safe.")
@click.option("--strict", is_flag=True, help="Exit code 1 when a term or a sentence is missing.")
@click.option("--dry-run", is_flag=True, help="Tell tokens, cost and time; ask nobody.")
@click.option("--budget", type=float, metavar="MONEY", help="Stop before this is passed.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="PATH", help="Write the text there.")
@db_option
@config_option
@quiet_option
@json_option
def translate(
    file: str,
    engine: str | None,
    model: str | None,
    extra: Path | None,
    language: str | None,
    fix: bool,
    strict: bool,
    dry_run: bool,
    budget: float | None,
    output: Path | None,
    db: Path | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Translate a talk into Chinese, or a Chinese one into English.

    FILE is captions, a transcript, plain text, a recording or a link. Prints one paragraph a line,
    which `studykit notes --translation` reads; a sentence that could not be translated stands there
    as it was, in [brackets]. Every paragraph is kept once it is translated: run again, only what is
    missing or has changed is asked for.

    Engines: `transformers` runs a model on this machine, `openai` asks a service with OpenAI's
    interface (hosted, vLLM, Ollama, llama.cpp; see translate.base_url in the settings), `captions`
    takes the other language's captions of a link.

    \b
    studykit translate talk.en.vtt --engine openai --model gpt-4o-mini --dry-run
    studykit translate talk.en.vtt --engine openai --model qwen3 --budget 0.50 > talk.zh.txt
    studykit translate talk.zh.txt --model ./opus-mt-zh-en --json
    """
    from studykit.files import write_whole
    from studykit.ingest import IngestOptions
    from studykit.pipeline import TalkToTranslate
    from studykit.store import Store

    chosen = settings(config, db)
    if extra is not None:
        chosen = replace(chosen, glossaries=(*chosen.glossaries, extra))
    stated = chosen.translate
    options = replace(
        pipeline_options(chosen),
        fetch=chosen.fetch,
        ingest=IngestOptions(language=language),
        translate=replace(
            stated,
            engine=_engine(engine, model, stated.engine),
            budget=stated.budget if budget is None else budget,
            fix=fix or stated.fix,
        ),
    )
    with Store(chosen.db) as store, StageProgress(stages=5, quiet=quiet) as progress:
        talk = TalkToTranslate.read(
            file,
            store=store,
            glossary=load_glossary(chosen),
            options=options,
            progress=progress,
        )
        if dry_run:
            _tell_estimate(talk.estimate(), as_json)
            return
        made = talk.translate()
    for warning in talk.warnings:
        click.echo(f"warning: {warning}", err=True)
    if output:
        write_whole(output, _text(made))
    if as_json:
        echo_json(_summary(made))
    elif not output:
        click.echo(_text(made), nl=False)
    _tell_terms(made)
    if strict and (made.terms("missing") or made.untranslated):
        click.get_current_context().exit(1)


def _engine(engine: str | None, model: str | None, default: str) -> str:
    """Engine and model in one, as the setting has them."""
    kind, _, its_model = (engine or default).partition(":")
    chosen = model or its_model
    return f"{kind}:{chosen}" if chosen else kind


def _tell_estimate(estimate: Estimate, as_json: bool) -> None:
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
    click.echo(f"  cost: about {estimate.cost:.4f}" if known else "  cost: no price in [translate.prices]")
    click.echo(f"  time: about {to_clock(estimate.seconds)}")


def _text(made: Translation) -> str:
    """One paragraph a line; what has no translation stands in brackets."""
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
        "beside": list(made.beside),
        "untranslated": [sent.index for sent in made.untranslated],
        "spent": made.spent,
    }


def _tell_terms(made: Translation) -> None:
    statuses: tuple[TermStatus, ...] = ("right", "variant", "missing")
    click.echo(f"terms: {', '.join(f'{len(made.terms(status))} {status}' for status in statuses)}", err=True)
    for status in statuses[1:]:
        for sent, use in made.terms(status):
            wanted, said = (use.zh, use.en) if made.source == "en" else (use.en, use.zh)
            click.echo(f"  sentence {sent.index + 1}: {said} → {wanted} is {status}", err=True)
    if made.beside:
        click.echo(f"warning: beside nothing that was said: {' '.join(made.beside)}", err=True)
    if made.untranslated:
        numbers = ", ".join(str(sent.index + 1) for sent in made.untranslated)
        click.echo(f"warning: no translation of sentences {numbers}", err=True)
