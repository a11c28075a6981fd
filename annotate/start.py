"""A new workspace: its configuration, the annotators' guideline and the folder for articles."""

import re
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

from annotate.errors import UsageError
from annotate.jsonl import open_out
from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel
from annotate.workspace import CONFIG

__all__ = ["StartSummary", "label_lines", "start"]

_SLUG, _TITLE = 96, 50  # characters that the Hugging Face Hub and Label Studio allow
_GITIGNORE = "studio/\nwork/**/*.sqlite3*\n"


@dataclass(frozen=True, slots=True)
class StartSummary:
    """Which files of a workspace were made and which were there."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def start(folder: Path, name: str = "") -> StartSummary:
    """Make a workspace in a folder; what is there already is kept.

    Args:
        folder: where; made if need be.
        name: title of the Label Studio project and name of the dataset; by default the folder's name.

    Raises:
        UsageError: the folder is none, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name the folder of the workspace, which is made if need be")
    name = name or folder.absolute().name or "annotate-kit"
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())[:_SLUG].strip("-") or "dataset"
    title = _title(name)
    files = {
        folder / CONFIG: _config(title, slug, DEFAULT),
        folder / "guideline.md": (Path(__file__).with_name("guideline.md")).read_text("utf-8"),
        folder / ".gitignore": _GITIGNORE,
    }
    kept = tuple(path for path in files if path.exists())
    for path, text in files.items():
        if path not in kept:
            with open_out(path) as sink:
                sink.write(text.encode("utf-8"))
    for name_of_folder in ("articles", "work"):
        try:
            (folder / name_of_folder).mkdir(exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder / name_of_folder}: {error.strerror}") from error
    return StartSummary(tuple(path for path in files if path not in kept), kept)


def _title(name: str) -> str:
    title = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:_TITLE].strip()
    # Label Studio wants three characters, and a number would be the id of a project.
    return f"{title[:40]} news".strip() if len(title) < 3 or title.isdecimal() else title


def _config(title: str, slug: str, labels: LabelSet) -> str:
    lines = [
        "# Settings of this campaign. Everything below is the default; what is left out keeps it.",
        'lang = "hi"',
        'backend = "crf"  # finds entities',
        'stance = "classifier"  # finds stances',
        "",
        "[threshold]  # the least score of the entities that are kept, by label: PER = 0.5",
        "",
        "[studio]",
        f"project = {_quoted(title)}  # title (3 to 50 characters) or id of the Label Studio project",
        '# url = "https://label-studio.example.org"  # left out: a Label Studio of its own, on this machine',
        "overlap = 1  # people who annotate each sentence",
        "context = 2  # sentences shown on either side",
        "",
        "[release]",
        f"name = {_quoted(slug)}  # letters, digits and . _ -",
        'license = "cc-by-4.0"',
        'seed = "annotate-kit"',
        "fractions = [0.8, 0.1, 0.1]  # train, validation, test",
        '# authors = ["A. Sharma", "The Institute"]  # who is cited; citation = """@misc{…}""" is taken as it is',
        '# annotations_creators = ["expert-generated"]  # or crowdsourced …: what the card says of who annotated',
        '# description = """…"""  # Markdown for the card: where the texts are from, whom the data is for',
        '# limits = ["…"]  # what who uses the data must know, beside what the card knows by itself',
        "",
        "[labels]",
        f"version = {_quoted(labels.version)}  # change it whenever the labels or their meaning change",
        "# A name has letters of any script, digits and _; a color is #rrggbb; a hotkey is one character, or none.",
        "# [labels.topic]  # asks where each sentence as a whole stands toward one topic",
        '# text = "नागरिकता कानून"',
        '# help = "what belongs to it, and what does not"',
    ]
    every: tuple[EntityLabel | StanceLabel, ...] = (*labels.entities, *labels.stances)
    for label in every:
        lines += ["", *label_lines(label)]
    return "\n".join(lines) + "\n"


def label_lines(label: EntityLabel | StanceLabel) -> list[str]:
    """A label as lines of `annotate.toml`."""
    lines = [f"name = {_quoted(label.name)}", f"title = {_quoted(label.title)}"]
    if isinstance(label, EntityLabel) and label.color:  # none at all rather than one that is no #rrggbb
        lines.append(f"color = {_quoted(label.color)}")
    lines += [f"hotkey = {_quoted(label.hotkey)}", f"help = {_quoted(label.help)}"]
    if isinstance(label, EntityLabel):
        return ["[[labels.entities]]", *lines, f"stance = {'true' if label.stance else 'false'}"]
    return ["[[labels.stances]]", *lines]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    # Joiners are no print, but letters of Hindi and Malayalam lean on them; control characters are none of TOML.
    return f'"{"".join(" " if category(c) in ("Cc", "Cs") else c for c in escaped)}"'
