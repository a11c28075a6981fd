"""A real Label Studio for the tests, one per run: a pytest plugin that the top conftest names in `pytest_plugins`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from annotate.studio import server
from annotate.studio.accounts import Account, invite

ROOMS = ("studio", "browser")  # folders of tests that share the one server


@dataclass(frozen=True, slots=True)
class Studio:
    """A running Label Studio and what a client needs to use it."""

    url: str
    api_key: str = field(repr=False)
    folder: Path
    username: str
    password: str = field(repr=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses the server, so that `-m "not studio"` leaves it out."""
    for item in items:
        if "studio" in getattr(item, "fixturenames", ()):
            item.add_marker("studio")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadgroup`, send the tests of the server's rooms to one worker, so that there is one server.

    The marker `xdist_group` would say the same, but pytest 9.2 ignores it without a word (pytest-xdist issue 1386).
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByRoom(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            room = Path(nodeid.partition("::")[0]).parent.name
            return "studio" if room in ROOMS else nodeid

    return ByRoom(config, log)


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One real server for the whole run, with its first account."""
    folder = tmp_path_factory.mktemp("label-studio") / "studio"
    started = server.up(folder, local_services=True)
    assert started.password is not None
    try:
        yield Studio(
            url=started.server.url,
            api_key=server.api_key(folder),
            folder=folder,
            username=started.server.username,
            password=started.password,
        )
    finally:
        server.down(folder)


@pytest.fixture(scope="session")
def new_user(studio: Studio) -> Callable[[], Account]:
    """Makes one more account on the server at each call."""
    numbers = count(1)
    return lambda: invite(studio.url, studio.api_key, f"annotator-{next(numbers)}@localhost")


@pytest.fixture(scope="session")
def second_user(new_user: Callable[[], Account]) -> str:
    """The API key of another account than the first, the same one for the whole run."""
    return new_user().api_key
