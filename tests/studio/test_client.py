"""The client refuses what cannot be an address or a key, and shows neither key nor header."""

import pytest

from annotate.errors import StudioError, UsageError
from annotate.studio.client import Client


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://x", "not a url", "", "http://"])
def test_an_address_is_an_http_url(url):
    """Anything else is a mistake of the user's, said before it is tried."""
    with pytest.raises(UsageError, match="no address of a server"):
        Client(url, "key")


@pytest.mark.parametrize("url", ["https://asha:geheim@x", "https://geheim@x/a", "ftp://a:geheim@x", "a:geheim@x"])
def test_no_password_in_an_address(url):
    """Addresses stand in messages and summaries, so one with a password is refused, and not repeated."""
    with pytest.raises(UsageError, match="no user or password") as caught:
        Client(url, "key")
    assert "geheim" not in str(caught.value)


def test_an_at_sign_in_a_path():
    """Behind the host's name it is a letter like others."""
    assert Client("https://x/@annotate/", "key").url == "https://x/@annotate"


@pytest.mark.parametrize("key", ["हिन्दी", "two words", "", "tab\tinside", "line\nbreak"])
def test_a_key_is_one_word(key):
    """What no key holds is refused, and not shown."""
    with pytest.raises(UsageError) as caught:
        Client("http://127.0.0.1:1", key)
    assert key == "" or key not in str(caught.value)


def test_white_space_around_a_key_is_left_away(studio):
    """A key read from a file ends in a line break."""
    with Client(studio.url, f" {studio.api_key}\n") as client:
        assert client.whoami() == studio.username


def test_nobody_answers(unused_port):
    """A closed port is an error of the network, without a traceback of the library below it."""
    with Client(f"http://127.0.0.1:{unused_port}", "key") as client, pytest.raises(StudioError, match="refused"):
        client.whoami()


@pytest.fixture
def unused_port():
    """A port on which nobody listens."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
