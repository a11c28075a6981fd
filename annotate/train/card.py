"""The card of a trained model: what it is, what it was made of, what it does, and how far to trust it."""

from collections.abc import Mapping
from typing import Any

from annotate.prelabel.crf.features import FEATURES_VERSION

__all__ = ["card"]


def card(summary: Mapping[str, Any], notes: str) -> str:
    """Write the card as Markdown. It names no date and no machine, so that the same training gives the same card.

    Args:
        summary: the fields of a `TrainSummary`.
        notes: Markdown on sources and licences.
    """
    settings = summary["settings"]
    lines = [
        f"# {summary['model'].name}",
        "",
        "A linear-chain CRF that finds names in Hindi news, for the engine `crf` of annotate-kit.",
        f"Made by `annotate train ner`, features version {FEATURES_VERSION}, weights by CRFsuite.",
        "",
        f"- SHA-256: `{summary['sha256']}`",
        f"- Size: {summary['size_bytes']:,} bytes",
        f"- Seed {summary['seed']}, " + ", ".join(f"{name} {value}" for name, value in settings.items()),
        "",
        "## Data",
        "",
        "| trained on | sentences | entities | SHA-256 |",
        "|---|---|---|---|",
        *(_row(part) for part in summary["data"]),
        "",
    ]
    if notes:
        lines += [notes.strip(), ""]
    lines += [
        "## Features",
        "",
        "Words folded for spelling, prefixes and suffixes in code points (1 to 5) and aksharas, shape,",
        "two neighbours on each side, pairs of neighbouring words, punctuation between words,",
        "what the word lists say of each word (postpositions, titles, heads of bodies and places, demonyms …),",
        "matches of gazetteers and patterns of the rules,",
        "and how often words and names stood under which type in the other folds of the training data;",
        "of what is said of single words a copy for each file, used for text that is most like that file.",
        "",
        "## Figures",
        "",
    ]
    if summary["dev"] is None:
        lines.append("No development data was given.")
    else:
        lines += [
            f"Development data: {', '.join(part['name'] for part in summary['dev_data'])},"
            f" {summary['dev_sentences']:,} sentences that do not stand in the training data.",
            "Strict spans, with the rules' second opinion and the article pass.",
            "",
            "| type | gold | precision | recall | F1 |",
            "|---|---|---|---|---|",
            *(_score(label, score) for label, score in summary["dev"].items()),
            "",
            f"Expected calibration error: {summary['calibration_error']:.3f}.",
        ]
    return "\n".join(lines) + "\n"


def _row(part: Mapping[str, Any]) -> str:
    entities = ", ".join(f"{count:,} {label}" for label, count in part["entities"].items())
    return f"| {part['name']} | {part['sentences']:,} | {entities} | `{part['sha256'][:16]}…` |"


def _score(label: str, score: Mapping[str, Any]) -> str:
    return f"| {label} | {score['gold']:,} | {score['precision']:.1%} | {score['recall']:.1%} | {score['f1']:.1%} |"
