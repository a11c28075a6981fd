"""How often Python looks for garbage that refers to itself."""

import gc

__all__ = ["collect_seldom"]

_NEW_OBJECTS = 200_000  # some batches of records


def collect_seldom() -> None:
    """Have this process look for cycles among its objects seldom; for processes that are ours alone.

    Records come and go by the million and none refers to itself: they are gone as soon as nobody holds them. Python's
    default, a look after every 700 new objects, reads the same batch of records over and over: a tenth of a `build`.
    """
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
