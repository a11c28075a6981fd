"""The labelling page: Label Studio's XML made from the label set, and the names its results carry."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from itertools import cycle
from string import ascii_lowercase
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from annotate.labels import EntityLabel, LabelSet, StanceLabel, Topic
from annotate.relabel import Retired

__all__ = ["HOLDS", "LABEL", "STANCE", "TEXT", "TOPIC", "interface", "source_link", "topic_control"]

TEXT = "text"  # the control every region points to
LABEL = "label"  # marks a region as an entity
STANCE = "stance"  # the choice that hangs on an entity's region
TOPIC = "topic"  # begins the name of the choice that is about the sentence as a whole
HOLDS = "holds stance toward"  # the relation from holder region to target region

_NONE = Retired()

_DOLLAR = "$\N{WORD JOINER}"  # a dollar sign with letters or digits behind it would be a field of the task

# Languages whose letters run from right to left (Unicode bidirectional classes R and AL), by ISO 639.
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})

# Label Studio gives texts a size and line height of their own, on an element inside those that can be named here.
# The lines of the sentence are so far apart that what is written on an arrow covers no words of the line above.
_STYLE = """
.ak-title, .ak-context { opacity: 0.75; }
.ak-title [class*="htx-richtext"], .ak-context [class*="htx-richtext"] { font-size: 16px; line-height: 1.6; }
.ak-sentence { padding: 0.2em 0.8em; margin: 1.6em 0 0.4em; border: 1px solid #9e9e9e; border-radius: 6px; }
.ak-sentence [class*="htx-richtext"] { font-size: 18px; line-height: 3; }
.ak-stance { min-height: 3.2em; }
.ak-source { font-size: 0.85em; }
"""
_STYLE_RTL = """.ak-title, .ak-context, .ak-sentence { direction: rtl; text-align: right; }
.ak-title [class*="htx-richtext"], .ak-context [class*="htx-richtext"] { line-height: 2.2; }
"""
# Added where the campaign has a topic, so that the pages of the others stay as they are.
_STYLE_TOPIC = """.ak-topic { margin: 0.4em 0; padding: 0.2em 0.8em; border-inline-start: 3px solid #bdbdbd; }
"""
_STYLE_TOPIC_RTL = """.ak-topic { direction: rtl; text-align: right; }
"""

# For labels that the configuration gives no colour: apart in hue, and dark enough for a name on a pale ground.
_COLORS = (
    "#d32f2f", "#1976d2", "#388e3c", "#7b1fa2", "#f57c00", "#00838f", "#5d4037", "#c2185b", "#303f9f", "#689f38",
    "#fbc02d", "#0288d1", "#512da8", "#e64a19", "#00796b", "#455a64",
)  # fmt: skip
# For labels that the configuration gives no key; Label Studio would give them keys that the stances have already.
_KEYS = "1234567890qwertyuiopasdfghjklzxcvbnm"
_LETTERS = frozenset(ascii_lowercase)
_TAKEN = frozenset({"shift+r"})  # by Label Studio itself


def interface(labels: LabelSet, lang: str = "hi", former: Retired = _NONE) -> str:
    """The labelling configuration of a project, as XML.

    The sentence is the only text that can be labelled; title and neighbouring sentences are shown around it. The stance
    is a choice on the selected entity, so it cannot drift from its target; the holder is a relation to the target.
    Labels carry their hotkeys, and their names in the annotators' language beside the name in the data. A label without
    key or colour gets one that no other has, as long as there are any. Where the label set has a topic, the stance of
    the sentence as a whole toward it is asked for as well, and must be given.

    Args:
        labels: the label set.
        lang: of the texts; it decides which way they run.
        former: labels of former label sets, which annotations made before a migration still have. They are on the page
            and hidden, so that such an annotation can be opened and nothing of it is lost.
    """
    view = Element("View")
    SubElement(view, "Style").text = _style(labels, right_to_left=lang in _RIGHT_TO_LEFT)
    _shown(view, "title", "ak-title")
    entities = SubElement(view, "Labels", name=LABEL, toName=TEXT, showInline="true")
    keys, colors = _keys(labels), _colors(labels)
    for entity in labels.entities:
        _option(entities, "Label", entity, keys).set("background", entity.color or next(colors))
    hidden = (f"ctrl+alt+shift+{key}" for key in _KEYS)  # without a key Label Studio would give one that is easily hit
    _retired(entities, "Label", former.entities, hidden)
    _shown(view, "before", "ak-context")
    sentence = SubElement(view, "View", className="ak-sentence")
    SubElement(sentence, "Text", name=TEXT, value="$text", granularity="symbol")
    bearing = [entity.name for entity in labels.entities if entity.stance]
    bearing += [name for name, bore in former.entities.items() if bore]
    if bearing:
        block = SubElement(view, "View", className="ak-stance")
        stances = SubElement(
            block,
            "Choices",
            name=STANCE,
            toName=TEXT,
            perRegion="true",
            choice="single",
            showInline="true",
            visibleWhen="region-selected",
            whenTagName=LABEL,
            whenLabelValue=",".join(bearing),
        )
        for stance in labels.stances:
            _option(stances, "Choice", stance, keys)
        _retired(stances, "Choice", former.stances, hidden)
    if labels.topic:
        _retired(_ask_topic(view, labels, labels.topic, keys), "Choice", former.stances, hidden)
    _shown(view, "after", "ak-context")
    source = SubElement(view, "View", className="ak-source")
    SubElement(source, "HyperText", name="link", value="$link", inline="true", clickableLinks="true")
    if bearing:
        relations = SubElement(view, "Relations")
        SubElement(relations, "Relation", value=HOLDS)
    indent(view)
    return tostring(view, encoding="unicode")


def topic_control(topic: str) -> str:
    """The name of the choice about a topic; another topic has another, so that no answer is taken for one about it."""
    return f"{TOPIC}_{sha256(topic.encode()).hexdigest()[:8]}"


def source_link(url: str) -> str:
    """The HTML that shows where an article came from: a link where the address is one of the web, else its text.

    The field of the task is not called `source`, which Label Studio 1.23 fills with the whole task as JSON.
    """
    shown = escape(url)
    if not url.lower().startswith(("http://", "https://")):
        return shown
    return f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _shown(view: Element, field: str, style: str) -> None:
    block = SubElement(view, "View", className=style)
    SubElement(block, "Text", name=field, value=f"${field}")


def _style(labels: LabelSet, *, right_to_left: bool) -> str:
    style = _STYLE + (_STYLE_RTL if right_to_left else "")
    if labels.topic:
        style += _STYLE_TOPIC + (_STYLE_TOPIC_RTL if right_to_left else "")
    return style


def _ask_topic(view: Element, labels: LabelSet, topic: Topic, keys: Mapping[EntityLabel | StanceLabel, str]) -> Element:
    block = SubElement(view, "View", className="ak-topic")
    asked = f"{topic.text} — {topic.help}" if topic.help else topic.text
    SubElement(block, "Header", value=asked.replace("$", _DOLLAR), size="5")
    choices = SubElement(
        block,
        "Choices",
        name=topic_control(topic.text),
        toName=TEXT,
        choice="single",
        showInline="true",
        required="true",
        requiredMessage=f"{topic.text}: ?",
    )
    own = _topic_keys(labels, keys)
    for stance in labels.stances:
        _option(choices, "Choice", stance, own)
    return choices


def _topic_keys(
    labels: LabelSet, keys: Mapping[EntityLabel | StanceLabel, str]
) -> dict[EntityLabel | StanceLabel, str]:
    """Shift and the letter that the stance has toward an entity; another letter where that is taken."""
    taken = {*_TAKEN, *(key.lower() for key in keys.values())}
    found: dict[EntityLabel | StanceLabel, str] = {}
    for stance in labels.stances:
        letters = (letter for letter in (keys[stance].lower(), *_KEYS) if len(letter) == 1 and letter in _LETTERS)
        found[stance] = next((key for letter in letters if (key := f"shift+{letter}") not in taken), "")
        taken.add(found[stance])
    return found


def _option(
    parent: Element, tag: str, label: EntityLabel | StanceLabel, keys: Mapping[EntityLabel | StanceLabel, str]
) -> Element:
    option = SubElement(parent, tag, value=label.name)
    if label.title:
        option.set("html", escape(f"{label.name} {label.title}", quote=False))
    if key := keys[label]:
        option.set("hotkey", key)
    if label.help:
        option.set("hint", label.help)
    return option


def _retired(parent: Element, tag: str, names: Iterable[str], keys: Iterator[str]) -> None:
    for name in names:
        option = SubElement(parent, tag, value=name, visible="false")
        if key := next(keys, None):
            option.set("hotkey", key)


def _keys(labels: LabelSet) -> dict[EntityLabel | StanceLabel, str]:
    """A key for each label: the configured one, else for a stance a letter of its name, else the next that is free.

    Labels beyond all keys get none.
    """
    every: tuple[EntityLabel | StanceLabel, ...] = (*labels.entities, *labels.stances)
    taken = {label.hotkey for label in every}
    own: dict[EntityLabel | StanceLabel, str] = {}
    for stance in labels.stances:
        letters = (letter for letter in stance.name.lower() if letter in _LETTERS and letter not in taken)
        if not stance.hotkey and (key := next(letters, "")):
            own[stance] = key
            taken.add(key)
    free = (key for key in (*_KEYS, *(f"shift+{key}" for key in _KEYS if key.isalpha())) if key not in taken)
    return {label: label.hotkey or own.get(label) or next(free, "") for label in every}


def _colors(labels: LabelSet) -> Iterator[str]:
    taken = {entity.color for entity in labels.entities}
    return cycle([color for color in _COLORS if color not in taken] or _COLORS)
