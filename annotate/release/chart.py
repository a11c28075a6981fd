"""The picture of a release: how labels are spread over its splits, as an SVG that is the same bytes every time."""

from collections.abc import Iterator, Mapping
from html import escape

from annotate.labels import LabelSet
from annotate.release.census import SplitCounts

__all__ = ["CHART", "chart"]

CHART = "labels.svg"

_COLORS = {"train": "#4c78a8", "validation": "#f58518", "test": "#54a24b"}
_LEFT, _BAR, _HEIGHT, _GAP, _WIDTH = 120, 360, 12, 10, 640  # pixels


def chart(name: str, counts: Mapping[str, SplitCounts], labels: LabelSet) -> str:
    """Draw, for each entity type and each stance, its share of the entities of every split; likewise toward the topic.

    Args:
        name: the title.
        counts: what each split holds.
        labels: the label set, whose order the rows have.
    """
    body, at = [], 58
    for title, names, held in (
        ("Entities", labels.entity_names, {split: c.entities for split, c in counts.items()}),
        ("Stances", labels.stance_names, {split: c.stances for split, c in counts.items()}),
        ("Stances toward the topic", labels.stance_names, {split: c.topics for split, c in counts.items()}),
    ):
        if not any(sum(of.values()) for of in held.values()):
            continue
        body.append(_text(12, at, title, weight="bold"))
        at += 16
        for label in names:
            body.append(_text(_LEFT - 8, at + _HEIGHT * len(counts) / 2 + 4, label, anchor="end"))
            for split, of in held.items():
                body += _bar(at, _COLORS[split], of[label], sum(of.values()))
                at += _HEIGHT
            at += _GAP
        at += 14
    head = [_text(12, 22, f"{name}: labels by split", weight="bold", size=15)]
    for place, split in enumerate(counts):
        head.append(f'<rect x="{_LEFT + 110 * place}" y="32" width="10" height="10" fill="{_COLORS[split]}"/>')
        head.append(_text(_LEFT + 16 + 110 * place, 41, split))
    return "\n".join([_open(at), *head, *body, "</svg>", ""])


def _open(height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
        ' role="img" font-family="sans-serif" font-size="12" fill="#222222">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
    )


def _bar(top: int, color: str, count: int, of: int) -> Iterator[str]:
    share = count / of if of else 0
    width = _BAR * share
    yield f'<rect x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_HEIGHT - 2}" fill="{color}"/>'
    yield _text(_LEFT + width + 6, top + _HEIGHT - 3, f"{count:,} ({share:.1%})", size=10)


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal", size: int = 12) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}"'
    return f"<text {place}>{escape(text)}</text>"
