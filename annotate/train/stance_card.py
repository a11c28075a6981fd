"""The card of a trained stance model: what it is, what it was made of, what it does, and how far to trust it."""

from collections.abc import Mapping
from typing import Any

from annotate.prelabel.stance_classifier.features import FEATURES_VERSION

__all__ = ["card"]


def card(summary: Mapping[str, Any], notes: str) -> str:
    """Write the card as Markdown. It names no date and no machine, so that the same training gives the same card.

    Args:
        summary: the fields of a `StanceTrainSummary`.
        notes: Markdown on sources and licences.
    """
    settings = summary["settings"]
    lines = [
        f"# {summary['model'].name}",
        "",
        "Two logistic regressions that say who stands where in Hindi news, the engine `classifier` of annotate-kit:",
        "one judges each entity as the target of a stance, the other each of its neighbours as the holder.",
        f"Made by `annotate train stance`, features version {FEATURES_VERSION}, weights by CRFsuite.",
        "",
        f"- SHA-256: `{summary['sha256']}`",
        f"- Size: {summary['size_bytes']:,} bytes",
        f"- Seed {summary['seed']}, " + ", ".join(f"{name} {value}" for name, value in settings.items()),
        f"- A stance that a rule states too is proposed from probability {summary['threshold']:.2f} on;"
        f" one that no rule states {_bare(summary['bare_threshold'])}",
        "",
        "## Data",
        "",
        "| trained on | articles | sentences | entities by stance | SHA-256 |",
        "|---|---|---|---|---|",
        *(_row(part) for part in summary["data"]),
        "",
    ]
    if notes:
        lines += [notes.strip(), ""]
    lines += [
        "## Features",
        "",
        "What the rules find and which rule; the case of the entity and of what belongs to it;",
        "the nearest words that lean toward praise or blame, how far they are and what stands between;",
        "who acts in the clause and which verb closes it; negation, question, quotation and reported speech;",
        "stems of the clause's words. Half of the telling words are unknown in copies that it is trained on beside.",
        "",
        "## Figures",
        "",
    ]
    if summary["dev"] is None:
        lines.append("No development data was given.")
        return "\n".join(lines) + "\n"
    dev = summary["dev"]
    lines += [
        f"Development data: {', '.join(part['name'] for part in summary['dev_data'])},"
        f" {summary['dev_sentences']:,} sentences that do not stand in the training data; their entities are given.",
        "",
        "| | gold | proposed | precision | recall | F1 |",
        "|---|---|---|---|---|---|",
        _score("targets", dev["targets"]),
        _score("with holder", dev["with_holder"]),
        *(_score(label, score) for label, score in dev["by_label"].items()),
        "",
        f"Macro F1 {dev['macro_f1']:.1%}, accuracy {dev['accuracy']:.1%};"
        f" saying NEUTRAL of everything has {dev['baseline_macro_f1']:.1%} and {dev['baseline_accuracy']:.1%}.",
        f"Holders are right in {dev['holders_right']:.1%} of the right targets.",
    ]
    if summary["calibration_error"] is not None:
        lines.append(f"Expected calibration error of the proposed stances: {summary['calibration_error']:.3f}.")
    return "\n".join(lines) + "\n"


def _bare(threshold: float) -> str:
    return f"from {threshold:.2f} on" if threshold <= 1 else "is not: too few of them were right on held-out folds"


def _row(part: Mapping[str, Any]) -> str:
    stances = ", ".join(f"{count:,} {label}" for label, count in part["stances"].items())
    return f"| {part['name']} | {part['articles']:,} | {part['sentences']:,} | {stances} | `{part['sha256'][:16]}…` |"


def _score(label: str, score: Mapping[str, Any]) -> str:
    shares = " | ".join(f"{score[name]:.1%}" for name in ("precision", "recall", "f1"))
    return f"| {label} | {score['gold']:,} | {score['predicted']:,} | {shares} |"
