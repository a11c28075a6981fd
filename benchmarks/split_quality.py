"""How well sentences are found, beside other libraries: boundary F1 and share of documents without an error.

    python benchmarks/split_quality.py [SET.jsonl … | FOLDER] [--errors N] [--json FILE]

Sets are JSON lines of `text`, `lang` and `spans`. Without arguments the folder that ANNOTATE_SEGMENTATION_DATA names
is read.
"""

import argparse
import json
import os
import sys
from itertools import islice
from pathlib import Path

from segmentation import errors, peers, read, score

TARGETS = {  # boundary F1 this project sets itself on sets of these names
    "hi_hdtb_dev_nat": 99.4, "hi_pud_wiki": 100.0, "hi_wmt14_punct_dev": 99.3, "hi_wmt14_head_dev": 98.5,
    "hi_wmt14_all_dev": 97.0, "bho_bhtb": 99.2, "or_odtb": 99.4, "bn_bru": 100.0, "te_mtg": 99.3, "ta_ttb": 97.6,
    "ml_ufal": 96.0, "en_pud": 99.7, "en_ewt_dev": 89.0,
}  # fmt: skip


def main() -> int:
    """Print a table, a row per set and a column per splitter; exit 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="print this many of our errors per set")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    folder = os.environ.get("ANNOTATE_SEGMENTATION_DATA")
    given = options.sets or ([Path(folder)] if folder else [])
    files = [file for path in given for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if not files:
        print("split_quality: skipped; name sets or set ANNOTATE_SEGMENTATION_DATA")
        return 0
    rivals = peers()
    print(" ".join(["set".ljust(20), *(f"{peer.name} {peer.version}"[:20].rjust(20) for peer in rivals), "target"]))
    figures: dict[str, dict[str, object]] = {}
    missed = False
    for file in files:
        documents = read(file)
        scores = {peer.name: score(documents, peer.split) for peer in rivals}
        target = TARGETS.get(file.stem)
        missed |= target is not None and round(scores["annotate"].f1, 2) < target
        cells = (f"{s.f1:.2f} ({s.share_perfect:.0f} %)".rjust(20) for s in scores.values())
        print(" ".join([file.stem.ljust(20), *cells, str(target or "")]))
        figures[file.stem] = {n: {"f1": s.f1, "perfect": s.share_perfect, "gold": s.gold} for n, s in scores.items()}
        for line in islice(errors(documents, rivals[0].split), options.errors):
            print("   ", line)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
