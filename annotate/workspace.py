"""A campaign's folder: `annotate.toml`, and where each step reads and writes."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from annotate.errors import UsageError
from annotate.labels import DEFAULT, NEUTRAL, EntityLabel, LabelSet, StanceLabel, Topic, is_name
from annotate.split import languages

__all__ = ["CONFIG", "DATASET_NAME", "Release", "Studio", "Workspace", "is_dataset_name"]

CONFIG = "annotate.toml"

_GUIDELINE = "guideline.md"

_NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")  # the Hub's rule
_AUTHOR = re.compile(r"[^{}\\\s](?:[^{}\\\r\n]*[^{}\\\s])?")
_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_CREATORS = ("crowdsourced", "expert-generated", "found", "machine-generated", "no-annotation", "other")  # the Hub's
_LICENSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_TOPIC = re.compile(r"[^$\x00-\x1f\x7f\x85\u2028\u2029]{1,200}")
_HOTKEY = re.compile(r"(((shift|alt|ctrl)\+)?\S)?")


# What `is_dataset_name` allows.
DATASET_NAME = "letters, digits and . _ -, at most 96, no . or - at either end and no -- or .. within"


def is_dataset_name(name: str) -> bool:
    """Tell whether a dataset may be called so, by the rule of the Hugging Face Hub."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Studio:
    """The `[studio]` table: which project on which Label Studio, and what annotators see."""

    project: str = "annotate-kit"
    url: str | None = None
    overlap: int = 1
    context: int = 2


@dataclass(frozen=True, slots=True)
class Release:
    """The `[release]` table: what the published dataset is called and how it is cut."""

    name: str = "hindi-news"
    license: str = "cc-by-4.0"
    seed: str = "annotate-kit"
    fractions: tuple[float, float, float] = (0.8, 0.1, 0.1)
    authors: tuple[str, ...] = ()
    citation: str = ""
    annotations_creators: tuple[str, ...] = ()
    description: str = ""
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths and settings of one campaign. Paths that a command is given override these."""

    root: Path
    lang: str = "hi"
    backend: str = "crf"
    stance: str = "classifier"
    thresholds: Mapping[str, float] = field(default_factory=dict)  # least scores of entities, by label
    labels: LabelSet = DEFAULT
    studio: Studio = field(default_factory=Studio)
    release: Release = field(default_factory=Release)

    @classmethod
    def find(cls, start: Path | None = None) -> "Workspace | None":
        """The workspace that `start` (by default the current folder) lies in, or None."""
        here = (start or Path.cwd()).absolute()
        for folder in (here, *here.parents):
            if (folder / CONFIG).is_file():
                return cls.load(folder)
        return None

    @classmethod
    def load(cls, root: Path) -> "Workspace":
        """Read `annotate.toml` of a folder.

        Raises:
            UsageError: the file is missing, no TOML, or holds a key or value that is not known.
        """
        path = root / CONFIG
        try:
            text = path.read_text("utf-8-sig")
        except FileNotFoundError as error:
            raise UsageError(
                f"{root} is no workspace: it has no {CONFIG}; make one with: annotate init {root}"
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: {error}") from error
        return cls.of(root, text)

    @classmethod
    def of(cls, root: Path, text: str) -> "Workspace":
        """The workspace of a folder whose `annotate.toml` reads so.

        Raises:
            UsageError: the text is no TOML, or holds a key or value that is not known.
        """
        path = root / CONFIG
        try:
            config = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{path}: {error}") from error
        return cls(root=root, **_Reader(path).settings(config))

    @property
    def articles(self) -> Path:
        """The folder of input articles."""
        return self.root / "articles"

    @property
    def read_articles(self) -> Path:
        """The articles as they were read, one record a line, beside the sentences cut from them."""
        return self.root / "work" / "articles.jsonl"

    @property
    def sentences(self) -> Path:
        """What `split` writes."""
        return self.root / "work" / "sentences.jsonl"

    @property
    def prelabeled(self) -> Path:
        """What `prelabel` writes."""
        return self.root / "work" / "prelabeled.jsonl"

    @property
    def annotations(self) -> Path:
        """What `pull` writes."""
        return self.root / "work" / "annotations.jsonl"

    @property
    def gold(self) -> Path:
        """What `resolve` writes."""
        return self.root / "work" / "gold.jsonl"

    @property
    def ledger(self) -> Path:
        """What was pushed and pulled."""
        return self.root / "work" / "ledger.sqlite3"

    @property
    def quarantine(self) -> Path:
        """What `pull` could not accept, with the reasons."""
        return self.root / "work" / "quarantine.jsonl"

    @property
    def migrations(self) -> Path:
        """The folder of what `migrate` changed, with what was there before."""
        return self.root / "work" / "migrations"

    @property
    def releases(self) -> Path:
        """The folder of built releases."""
        return self.root / "releases"

    @property
    def studio_folder(self) -> Path:
        """The data folder of the embedded Label Studio."""
        return self.root / "studio"

    @property
    def guideline(self) -> str:
        """The annotators' guideline: `guideline.md` of the workspace, or an empty text."""
        path = self.root / _GUIDELINE
        return path.read_text("utf-8") if path.is_file() else ""


class _Reader:
    """Turns decoded TOML into settings and says where it cannot."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def settings(self, config: Mapping[str, Any]) -> dict[str, Any]:
        self._only(config, "", {"lang", "backend", "stance", "threshold", "labels", "studio", "release"})
        settings: dict[str, Any] = {
            key: self._value(config, key, str, "") for key in ("lang", "backend", "stance") if key in config
        }
        if "lang" in settings and settings["lang"] not in languages():
            known = ", ".join(languages())
            raise self._error("lang", f"{settings['lang']!r} is no language there are rules for (known: {known})")
        if "labels" in config:
            settings["labels"] = self._labels(self._value(config, "labels", dict, ""))
        if "threshold" in config:
            known_labels = settings.get("labels", DEFAULT).entity_names
            settings["thresholds"] = self._thresholds(self._value(config, "threshold", dict, ""), known_labels)
        if "studio" in config:
            settings["studio"] = self._studio(self._value(config, "studio", dict, ""))
        if "release" in config:
            settings["release"] = self._release(self._value(config, "release", dict, ""))
        return settings

    def _thresholds(self, table: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, float]:
        self._only(table, "threshold", set(known))
        for label, least in table.items():
            if type(least) not in (int, float) or not 0 <= least <= 1:
                raise self._error(f"threshold.{label}", f"must be a number from 0 to 1, not {least!r}")
        return {label: float(least) for label, least in table.items()}

    def _studio(self, table: Mapping[str, Any]) -> Studio:
        self._only(table, "studio", {"project", "url", "overlap", "context"})
        kinds = {"project": str, "url": str, "overlap": int, "context": int}
        studio = Studio(**{key: self._value(table, key, kinds[key], "studio") for key in table})
        if studio.overlap < 1 or studio.context < 0:
            raise self._error("studio", "overlap must be 1 or more, context 0 or more")
        # Label Studio counts a title without the white space around it.
        if not studio.project.isdecimal() and not 3 <= len(studio.project.strip()) <= 50:
            self._refuse("studio.project", studio.project, "a title of 3 to 50 characters, or the number of a project")
        if studio.url is not None and not _is_address(studio.url):
            self._refuse("studio.url", studio.url, "an address that begins with http:// or https://")
        return studio

    def _release(self, table: Mapping[str, Any]) -> Release:
        kinds: dict[str, type] = {"name": str, "license": str, "seed": str, "fractions": list, "authors": list}
        kinds |= {"citation": str, "annotations_creators": list, "description": str, "limits": list}
        self._only(table, "release", set(kinds))
        values = {key: self._value(table, key, kinds[key], "release") for key in table}
        if (fractions := values.get("fractions")) is not None:
            sound = len(fractions) == 3 and all(type(f) in (int, float) and f >= 0 for f in fractions)
            if not sound or abs(sum(fractions) - 1) > 1e-9:
                raise self._error("release.fractions", "three numbers that add up to 1: train, validation, test")
            values["fractions"] = tuple(map(float, fractions))
        for key, fits, allowed in (
            ("authors", _AUTHOR.fullmatch, "names, as texts on one line without braces and backslashes"),
            ("annotations_creators", _CREATORS.__contains__, ", ".join(_CREATORS)),
            ("limits", _LINE.fullmatch, "texts on one line each"),
        ):
            if not all(isinstance(it, str) and fits(it) for it in values.get(key, ())):
                raise self._error(f"release.{key}", f"must be a list of {allowed}, not {values[key]!r}")
            values |= {key: tuple(values[key])} if key in values else {}
        if "```" in values.get("citation", ""):
            self._refuse("release.citation", values["citation"], "BibTeX, which stands in a fence of the card")
        release = Release(**values)
        if not is_dataset_name(release.name):
            self._refuse("release.name", release.name, DATASET_NAME)
        if not _LICENSE.fullmatch(release.license):
            allowed = "letters, digits and . + _ -: an identifier the Hugging Face Hub knows, such as cc-by-4.0"
            self._refuse("release.license", release.license, allowed)
        return release

    def _labels(self, table: Mapping[str, Any]) -> LabelSet:
        self._only(table, "labels", {"version", "entities", "stances", "topic"})
        entities = table.get("entities")
        stances = table.get("stances")
        labels = LabelSet(
            version=self._value(table, "version", str, "labels") if "version" in table else DEFAULT.version,
            entities=DEFAULT.entities if entities is None else tuple(self._each(entities, "entities", EntityLabel)),
            stances=DEFAULT.stances if stances is None else tuple(self._each(stances, "stances", StanceLabel)),
            topic=self._topic(self._value(table, "topic", dict, "labels")) if "topic" in table else None,
        )
        for place, names in (("entities", labels.entity_names), ("stances", labels.stance_names)):
            if not names or len(set(names)) != len(names):
                raise self._error(f"labels.{place}", "needs at least one label and no name twice")
        if "O" in labels.entity_names:
            raise self._error("labels.entities", "name cannot be 'O', which is the class of tokens outside any entity")
        if NEUTRAL not in labels.stance_names:
            raise self._error(
                "labels.stances", f"{NEUTRAL} must be among them: it is what an entity without a stance is"
            )
        keys = [key for key in (*(e.hotkey for e in labels.entities), *(s.hotkey for s in labels.stances)) if key]
        if len(set(keys)) != len(keys):
            raise self._error("labels", "two labels share a hotkey")
        return labels

    def _topic(self, table: Mapping[str, Any]) -> Topic:
        self._only(table, "labels.topic", {"text", "help"})
        topic = Topic(**{"text": "", **{key: self._value(table, key, str, "labels.topic") for key in table}})
        # A dollar sign would name a field of the task to Label Studio.
        if not _TOPIC.fullmatch(topic.text) or topic.text != topic.text.strip():
            self._refuse("labels.topic.text", topic.text, "1 to 200 characters on one line, without $")
        return topic

    def _each(self, rows: Any, place: str, kind: type[Any]) -> list[Any]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._error(f"labels.{place}", "must be an array of tables")
        made = []
        for row in rows:
            self._only(row, f"labels.{place}", set(kind.__dataclass_fields__))
            name = row.get("name")
            if not isinstance(name, str) or not is_name(name):
                raise self._error(
                    f"labels.{place}", f"name must be letters (of any script), digits and _, not {name!r}"
                )
            for key, value in row.items():
                if not isinstance(value, bool if key == "stance" else str):
                    raise self._error(f"labels.{place}.{key}", f"cannot be {value!r}")
            if "color" in row and not _COLOR.fullmatch(row["color"]):
                self._refuse(f"labels.{place}.color", row["color"], "#rrggbb, six hexadecimal digits")
            if "hotkey" in row and not _HOTKEY.fullmatch(row["hotkey"]):
                self._refuse(
                    f"labels.{place}.hotkey",
                    row["hotkey"],
                    "one character that is no white space, shift+, alt+ or ctrl+ before it or not; or none",
                )
            made.append(kind(**row))
        return made

    def _value(self, table: Mapping[str, Any], key: str, kind: type, place: str) -> Any:
        value = table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._error(f"{place}.{key}".lstrip("."), f"must be {kind.__name__}, not {value!r}")
        return value

    def _only(self, table: Mapping[str, Any], place: str, known: set[str]) -> None:
        if unknown := sorted(set(table) - known):
            where = place or "top level"
            raise self._error(where, f"unknown key {unknown[0]!r} (known: {', '.join(sorted(known))})")

    def _refuse(self, place: str, value: str, allowed: str) -> NoReturn:
        raise self._error(place, f"{value!r} ({allowed})")

    def _error(self, place: str, message: str) -> UsageError:
        return UsageError(f"{self._path}: {place}: {message}")


def _is_address(url: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        return False
