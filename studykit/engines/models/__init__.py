"""Model weights: which are known, where they are, how to get them.

A model is found by path, then in studykit's cache, then in the Hugging Face cache, then in a package
that ships it, and is otherwise fetched from the hub. Loading is the engines' business.
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
