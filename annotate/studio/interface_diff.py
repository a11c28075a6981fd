"""What sets two labelling interfaces apart, said label by label and control by control."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, canonicalize, fromstring

__all__ = ["Control", "controls", "differences", "same"]

_OPTIONS = frozenset({"Label", "Choice", "Relation"})
_LAYOUT = frozenset({"View", "Style"})
_ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a labelling interface: what tag it is, its settings, and its options with theirs."""

    tag: str
    settings: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by value, in order


def same(one: str, other: str) -> bool:
    """Tell whether two interfaces are the same but for white space and the order of attributes."""
    return _canonical(one) == _canonical(other)


def controls(xml: str) -> dict[str, Control]:
    """The controls of an interface by name; one without a name goes by its tag.

    Raises:
        ValueError: it is no XML.
    """
    try:
        root = fromstring(xml)  # noqa: S314 - the server's own; expat of Python 3.11 stops at runaway entities
    except ParseError as error:
        raise ValueError(f"no XML: {error}") from error
    found: dict[str, Control] = {}
    for element in root.iter():
        if element.tag in _LAYOUT or element.tag in _OPTIONS:
            continue
        settings = {key: value for key, value in element.attrib.items() if key != "name"}
        options = {_value(option): _settings(option) for option in element.iter() if option.tag in _OPTIONS}
        found.setdefault(element.get("name", element.tag), Control(element.tag, settings, options))
    return found


def differences(theirs: str, ours: str) -> list[str]:
    """Say what the interface on a server has otherwise than the one the label set makes, a line for each thing.

    Args:
        theirs: XML of the project.
        ours: XML made from the label set.

    Returns:
        Lines such as "label: label DATE is not in the project"; empty when there is no difference.
    """
    if same(theirs, ours):
        return []
    try:
        there = controls(theirs)
    except ValueError as error:
        return [f"the project's interface is {error}"]
    here = controls(ours)
    lines: list[str] = []
    for name in dict.fromkeys((*here, *there)):
        lines += _control(name, there.get(name), here.get(name))
    if lines:
        return lines
    if list(there) != list(here):
        return [f"the order of the controls: {', '.join(there)} in the project, {', '.join(here)} here"]
    return ["only how the page is laid out or styled"]


def _control(name: str, there: Control | None, here: Control | None) -> Iterator[str]:
    if there is None or here is None:
        known = there or here
        assert known is not None  # noqa: S101 - one of the two has it
        what = f" ({', '.join(known.options)})" if known.options else ""
        where = "is not in the project" if there is None else "is only in the project"
        yield f"{name}: the control <{known.tag}>{what} {where}"
        return
    if there.tag != here.tag:
        yield f"{name}: <{there.tag}> in the project, <{here.tag}> here"
        return
    yield from _settings_differ(name, there.settings, here.settings)
    kind = {"Labels": "label", "Choices": "choice", "Relations": "relation"}.get(here.tag, "option")
    for value in dict.fromkeys((*here.options, *there.options)):
        if value not in there.options:
            yield f"{name}: {kind} {value} is not in the project"
        elif value not in here.options:
            yield f"{name}: {kind} {value} is only in the project"
        else:
            yield from _settings_differ(f"{name}: {kind} {value}", there.options[value], here.options[value])
    both = [value for value in here.options if value in there.options]
    before = [value for value in there.options if value in here.options]
    if both != before:
        yield f"{name}: the order is {', '.join(before)} in the project, {', '.join(both)} here"


def _settings_differ(place: str, there: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    for key in sorted({*there, *here}):
        if there.get(key) != here.get(key):
            yield f"{place}: {key} is {_said(there.get(key))} in the project, {_said(here.get(key))} here"


def _said(value: str | None) -> str:
    return _ABSENT if value is None else repr(value)


def _value(option: Element) -> str:
    return option.get("value", "")


def _settings(option: Element) -> dict[str, str]:
    return {key: value for key, value in option.attrib.items() if key != "value"}


def _canonical(xml: str) -> str:
    try:
        return canonicalize(xml, strip_text=True)
    except ParseError:
        return xml
