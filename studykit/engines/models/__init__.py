"""Model weights: which are known, where they are, and how to download them.

A model is looked for by path, in studykit's cache, in the Hugging Face cache and in a package that ships
it, in this order, and is otherwise downloaded from the hub. Loading it is left to the engines.
"""

from __future__ import annotations

from studykit.engines.models.fetch import DownloadProgress
from studykit.engines.models.find import (
    LocalModel,
    ensure,
    find,
    from_packages,
    hub_folder,
    missing,
    model_label,
    models_folder,
)
from studykit.engines.models.known import KNOWN, Kind, Model, model_named

__all__ = [
    "KNOWN",
    "DownloadProgress",
    "Kind",
    "LocalModel",
    "Model",
    "ensure",
    "find",
    "from_packages",
    "hub_folder",
    "missing",
    "model_label",
    "model_named",
    "models_folder",
]
