"""Label sets: which entity types and stances a campaign knows, with their versions, names and colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import category

__all__ = ["AGAINST", "DEFAULT", "FAVOR", "NEUTRAL", "EntityLabel", "LabelSet", "StanceLabel", "Topic", "is_name"]

FAVOR, AGAINST, NEUTRAL = "FAVOR", "AGAINST", "NEUTRAL"


@dataclass(frozen=True, slots=True)
class EntityLabel:
    """An entity type: its name in the data, and how Label Studio shows it."""

    name: str
    title: str = ""  # shown to annotators beside the name, in their language
    color: str = ""  # #rrggbb; where it is empty the page picks one
    hotkey: str = ""
    help: str = ""
    stance: bool = True  # whether people take a stance toward entities of this type


@dataclass(frozen=True, slots=True)
class StanceLabel:
    """A stance toward an entity: its name in the data, and how Label Studio shows it."""

    name: str
    title: str = ""
    hotkey: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """What the sentence as a whole is for or against, with the same stances as toward entities."""

    text: str  # as annotators see it, and as the data names it
    help: str = ""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """The labels of a campaign in their frozen order; class ids of a release follow this order."""

    version: str = "1"
    entities: tuple[EntityLabel, ...] = field(default=())
    stances: tuple[StanceLabel, ...] = field(default=())
    topic: Topic | None = None  # None: no stance of whole sentences is asked

    @property
    def entity_names(self) -> Sequence[str]:
        """Names of the entity types, in order."""
        return [label.name for label in self.entities]

    @property
    def stance_names(self) -> Sequence[str]:
        """Names of the stances, in order."""
        return [label.name for label in self.stances]

    @property
    def bio_names(self) -> Sequence[str]:
        """O, then B- and I- of each entity type: the class list of the `ner` config."""
        return ["O", *(f"{prefix}-{name}" for name in self.entity_names for prefix in "BI")]

    def bears_stance(self, label: str) -> bool:
        """Tell whether entities of this type carry a stance."""
        return any(entity.name == label and entity.stance for entity in self.entities)


def is_name(name: str) -> bool:
    """Tell whether a label may be called so: letters of any script with their marks, digits and _, no mark first."""
    return bool(name) and category(name[0])[0] != "M" and all(c == "_" or category(c)[0] in "LMN" for c in name)


DEFAULT = LabelSet(
    version="1",
    entities=(
        EntityLabel("PER", "व्यक्ति", "#d32f2f", "1", "नाम वाला व्यक्ति, बिना उपाधि के"),
        EntityLabel("ORG", "संगठन", "#1976d2", "2", "नाम वाली संस्था, दल, कंपनी"),
        EntityLabel("LOC", "स्थान", "#388e3c", "3", "देश, राज्य, शहर, जगह"),
    ),
    stances=(
        StanceLabel(FAVOR, "पक्ष में", "f", "वाक्य में इसके पक्ष में कहा या किया गया है"),
        StanceLabel(AGAINST, "विरोध में", "a", "वाक्य में इसके विरोध में कहा या किया गया है"),
        StanceLabel(NEUTRAL, "तटस्थ", "n", "न पक्ष, न विरोध"),
    ),
)
