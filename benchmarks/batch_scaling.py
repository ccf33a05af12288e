"""How much faster two workers are than one, and two Ray nodes than one. For an idle machine.

    python benchmarks/batch_scaling.py MANIFEST [--first N] [--no-ray]

Makes the notes of all talks of a manifest with one and with two processes, and on a Ray cluster of one and of
two nodes with one CPU each (processes of this machine, started before the clock). Each run has a database and
a folder of its own; language data are unpacked before. Prints JSON: wall and CPU seconds of each run, the two
ratios, the machine's load at the start, and whether all four wrote the same files.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.batch import STUDYKIT, batch_command, measured
from studykit.batch.lists.manifest import read_manifest


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.suffix != ".jsonl"}


def timed(manifest: Path, root: Path, *more: str, workers: int) -> dict[str, Any]:
    """A run into a new folder; exit code 1 (a talk has failed) counts as a run."""
    root.mkdir()
    took, done = measured([*batch_command(manifest, root, workers), *more])
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr)
    records = json.loads(done.stdout)
    return {**took, "done": sum(record["status"] == "done" for record in records)}


def on_ray(manifest: Path, root: Path, nodes: int) -> dict[str, Any]:
    """A run on a cluster of its own."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster  # noqa: PLC0415

    size = {"object_store_memory": 200 << 20, "memory": 4 << 30}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **size})
    try:
        for _ in range(nodes):
            cluster.add_node(num_cpus=1, **size)
        time.sleep(5)  # the nodes start processes of their own
        return timed(manifest, root, "--engine", "ray", "--address", cluster.address, workers=0)
    finally:
        cluster.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--first", type=int, help="only so many talks")
    parser.add_argument("--no-ray", action="store_true")
    asked = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="scaling-"))
    jobs = read_manifest(asked.manifest).jobs[: asked.first]
    manifest = root / "talks.jsonl"
    lines = [
        {"source": job.source, **({"translation": str(job.translation)} if job.translation else {})}
        for job in jobs
    ]
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    subprocess.run([*STUDYKIT, "doctor"], check=True, stdout=subprocess.DEVNULL)  # unpacks the encoder
    found: dict[str, Any] = {"talks": len(jobs), "load": os.getloadavg()}
    for name, workers in (("one worker", 1), ("two workers", 2)):
        found[name] = timed(manifest, root / name, workers=workers)
        print(name, found[name], file=sys.stderr, flush=True)
    found["workers, ratio"] = round(found["one worker"]["wall_s"] / found["two workers"]["wall_s"], 2)
    runs = ["one worker", "two workers"]
    if not asked.no_ray:
        for name, nodes in (("one node", 1), ("two nodes", 2)):
            found[name] = on_ray(manifest, root / name, nodes)
            print(name, found[name], file=sys.stderr, flush=True)
        found["nodes, ratio"] = round(found["one node"]["wall_s"] / found["two nodes"]["wall_s"], 2)
        runs += ["one node", "two nodes"]
    made = [files_of(root / name / "files") for name in runs]
    found["same files"] = all(files == made[0] for files in made)
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
