"""What files of trained models begin with: a line of JSON that says which kind of model it is, and of which version."""

from typing import Any

import orjson

from annotate.errors import UsageError

__all__ = ["opened"]


def opened(data: bytes, name: str, *, kind: str, features: str, command: str) -> tuple[dict[str, Any], bytes]:
    """Take the first line off a model.

    Args:
        data: the bytes of its file.
        name: what messages call it.
        kind: what the line has to say that it is.
        features: the version of features that this package has.
        command: what trains such a model.

    Returns:
        The line, decoded, and what comes after it.

    Raises:
        UsageError: it is no such model, or was trained on features of another version.
    """
    head, _, rest = data.partition(b"\n")
    try:
        said = orjson.loads(head)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or said.get("kind") != kind:
        raise UsageError(f"{name}: is no model that `{command}` wrote")
    if said["features"] != features:
        raise UsageError(
            f"{name}: was trained on features of version {said['features']}, this package has {features};"
            f" train it again with `{command}`"
        )
    return said, rest
