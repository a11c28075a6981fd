"""The labelling page: Label Studio's XML made from the label set, and the names its results carry."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from annotate.labels import EntityLabel, LabelSet, StanceLabel

__all__ = ["HOLDS", "LABEL", "STANCE", "TEXT", "interface"]

TEXT = "text"  # the control every region points to
LABEL = "label"  # marks a region as an entity
STANCE = "stance"  # the choice that hangs on an entity's region
HOLDS = "holds stance toward"  # the relation from holder region to target region

_STYLE = """
.ak-title { color: #616161; font-size: 0.95em; }
.ak-context { color: #757575; font-size: 0.95em; line-height: 1.7; }
.ak-sentence { font-size: 1.25em; line-height: 2; padding: 0.6em 0.8em;
  margin: 1.6em 0 0.4em;
  border: 1px solid #bdbdbd; border-radius: 6px; }
"""


def interface(labels: LabelSet) -> str:
    """The labelling configuration of a project, as XML.

    The sentence is the only text that can be labelled; title and neighbouring sentences are shown around it. The stance
    is a choice on the selected entity, so it cannot drift from its target; the holder is a relation to the target.
    Labels carry their hotkeys, and their names in the annotators' language beside the name in the data.
    """
    view = Element("View")
    SubElement(view, "Style").text = _STYLE
    _shown(view, "title", "ak-title")
    entities = SubElement(view, "Labels", name=LABEL, toName=TEXT, showInline="true")
    for entity in labels.entities:
        _option(entities, "Label", entity).set("background", entity.color)
    _shown(view, "before", "ak-context")
    sentence = SubElement(view, "View", className="ak-sentence")
    SubElement(sentence, "Text", name=TEXT, value="$text", granularity="symbol")
    _shown(view, "after", "ak-context")
    bearing = [entity.name for entity in labels.entities if entity.stance]
    if bearing:
        stances = SubElement(
            view,
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
            _option(stances, "Choice", stance)
        relations = SubElement(view, "Relations")
        SubElement(relations, "Relation", value=HOLDS)
    indent(view)
    return tostring(view, encoding="unicode")


def _shown(view: Element, field: str, style: str) -> None:
    block = SubElement(view, "View", className=style)
    SubElement(block, "Text", name=field, value=f"${field}")


def _option(parent: Element, tag: str, label: EntityLabel | StanceLabel) -> Element:
    option = SubElement(parent, tag, value=label.name)
    if label.title:
        option.set("html", f"{label.name} {label.title}")
    if label.hotkey:
        option.set("hotkey", label.hotkey)
    if label.help:
        option.set("hint", label.help)
    return option
