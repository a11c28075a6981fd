"""The account of an embedded server: kept whole, and no password that can be guessed where others reach it."""

import json

import pytest

from annotate.errors import StudioError, UsageError
from annotate.studio import server
from tests.studio.embedded import processes_in


@pytest.mark.parametrize("content", ["", "{}", '{"username": "a", "password": "b"}'])
def test_damaged_credentials(tmp_path, content):
    """A credentials file without the credentials is an error that names it."""
    (tmp_path / "credentials.json").write_text(content, "utf-8")
    with pytest.raises(StudioError, match=r"credentials\.json is damaged"):
        server.api_key(tmp_path)


@pytest.mark.parametrize("password", ["admin", "annotate-annotate", "aaaaaaaaaaaaaaaaaa", "password"])
@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2"])
def test_a_weak_password_is_for_this_machine_alone(folder, host, password):
    """Nothing is started on another address while the account's password can be guessed."""
    folder.mkdir()
    account = {"username": "annotate@localhost", "password": password, "token": "0" * 40, "confirmed": True}
    (folder / "credentials.json").write_text(json.dumps(account), "utf-8")
    with pytest.raises(UsageError, match="too weak") as caught:
        server.up(folder, host=host)
    assert f"password {password}" not in str(caught.value)
    assert processes_in(folder) == []
