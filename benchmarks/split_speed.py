"""How fast sentences are found, beside other libraries: ratios within one run, single thread.

    python benchmarks/split_speed.py [SET.jsonl … | FOLDER] [--rounds N] [--json FILE]

Without arguments the folder named by ANNOTATE_SEGMENTATION_DATA is read, else the articles that ship.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from segmentation import Document, Peer, peers, read

SHIPPED = Path(__file__).parent.parent / "datasets" / "hindi-news" / "articles.jsonl"
SLOW = {"pysbd": 0.03, "indic-nlp": 0.2}  # of the documents, so that a round stays short


def main() -> int:
    """Time all splitters in turns on the same texts, then this one on 20 kB and 20 MB."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    folder = os.environ.get("ANNOTATE_SEGMENTATION_DATA")
    given = options.sets or [Path(folder) if folder else SHIPPED]
    files = [file for path in given for file in (sorted(path.glob("hi_*.jsonl")) if path.is_dir() else [path])]
    files = [file for file in files if file.exists()]
    if not files:
        print("split_speed: skipped; name sets or set ANNOTATE_SEGMENTATION_DATA")
        return 0
    documents = [document for file in files for document in read(file)]
    digest = hashlib.sha256("".join(document.text for document in documents).encode()).hexdigest()[:12]
    size = sum(len(document.text) for document in documents)
    print(f"{len(documents)} documents, {size} code points, sha256 {digest}; files: {', '.join(f.name for f in files)}")
    figures = compare(documents, options.rounds) | {"growth": growth(documents)}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0


def compare(documents: Sequence[Document], rounds: int) -> dict[str, object]:
    """Nanoseconds per code point of each splitter, and how many times as long as ours it takes (median, spread)."""
    rivals = peers()
    samples = {peer.name: documents[: max(1, int(len(documents) * SLOW.get(peer.name, 1)))] for peer in rivals}
    for peer in rivals:
        timed(peer, samples[peer.name][:3])  # data files and tables are read before the clock starts
    times: dict[str, list[float]] = {peer.name: [] for peer in rivals}
    for _ in range(rounds):
        for peer in rivals:
            times[peer.name].append(timed(peer, samples[peer.name]))
    figures: dict[str, object] = {}
    for peer in rivals:
        ratios = sorted(a / b for a, b in zip(times[peer.name], times["annotate"], strict=True))
        cost = median(times[peer.name])
        print(f"{peer.name:12} {peer.version:24} {cost:9.2f} ns per code point  {median(ratios):8.2f} × ours "
              f"({ratios[0]:.2f}–{ratios[-1]:.2f})")  # fmt: skip
        figures[peer.name] = {
            "version": peer.version,
            "ns": cost,
            "ratio": median(ratios),
            "spread": ratios[:: len(ratios) - 1],
        }
    return figures


def growth(documents: Sequence[Document]) -> float:
    """Cost per code point of one text of 20 MB, relative to one of 20 kB."""
    ours = peers()[0]
    paragraphs = "\n".join(document.text for document in documents)
    short, long = (whole_text(paragraphs, size) for size in (20_000, 20_000_000))
    few = median(timed(ours, [Document("", "hi", short)] * 50) for _ in range(5))
    many = min(timed(ours, [Document("", "hi", long)]) for _ in range(2))
    print(f"20 kB: {few:.2f} ns per code point; 20 MB: {many:.2f}; ratio {many / few:.2f}")
    return many / few


def whole_text(paragraphs: str, size_bytes: int) -> str:
    """The paragraphs, repeated or cut to about `size_bytes` of UTF-8."""
    repeated = paragraphs * (size_bytes // len(paragraphs.encode()) + 1)
    return repeated.encode()[:size_bytes].decode("utf-8", "ignore")


def timed(peer: Peer, documents: Sequence[Document]) -> float:
    """Nanoseconds per code point of one pass."""
    began = time.perf_counter()
    for document in documents:
        peer.run(document.text, document.lang)
    return (time.perf_counter() - began) * 1e9 / sum(len(document.text) for document in documents)


if __name__ == "__main__":
    sys.exit(main())
