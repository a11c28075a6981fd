"""What a campaign asks for: which project, and what annotators see in it."""

from dataclasses import dataclass

from annotate.labels import DEFAULT, LabelSet
from annotate.relabel import Change

__all__ = ["Campaign"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a project is made of: its title or id, and what annotators see."""

    project: str = "annotate-kit"
    labels: LabelSet = DEFAULT
    guideline: str = ""  # Markdown, shown as the project's instructions
    context: int = 2  # sentences shown on either side
    overlap: int = 1  # people who annotate each sentence
    lang: str = "hi"  # of the texts; it decides which way they run
    changes: tuple[Change, ...] = ()  # migrations of the label set, of which a ledger that was lost does not tell
