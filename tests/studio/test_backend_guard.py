"""Whom the service answers."""

import base64
import hashlib
import hmac

import pytest

from annotate.errors import UsageError
from annotate.studio.backend.guard import Guard

SECRET = "sixteen-or-more-characters"


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "secret", "admitted"),
    [
        pytest.param(basic("annotate", SECRET), None, True, id="basic"),
        pytest.param(basic("annotate", SECRET).replace("Basic", "basic"), None, True, id="basic-lower-case"),
        pytest.param(None, SECRET, True, id="header"),
        pytest.param(None, None, False, id="nothing"),
        pytest.param(basic("somebody", SECRET), None, False, id="other-user"),
        pytest.param(basic("annotate", SECRET + "x"), None, False, id="other-password"),
        pytest.param(basic("annotate", ""), None, False, id="no-password"),
        pytest.param(basic("annotate", "पासवर्ड"), None, False, id="not-ascii"),
        pytest.param("Basic ???", None, False, id="no-base64"),
        pytest.param(f"Bearer {SECRET}", None, False, id="bearer"),
        pytest.param(basic("annotate", SECRET), "wrong", False, id="wrong-header-beside-right-basic"),
        pytest.param(None, "", False, id="empty-header"),
    ],
)
def test_who_is_admitted(authorization, secret, admitted):
    """The secret is shown by basic authentication or by the header; what is shown must be right."""
    assert Guard(SECRET).admits(authorization, secret) is admitted


def test_a_ticket_is_for_one_project():
    """Label Studio's ticket of a project opens that project's webhook only, and is not the secret."""
    guard = Guard(SECRET)
    ticket = guard.ticket(7)
    assert guard.signed(7, b"{}", None, ticket)
    assert not guard.signed(8, b"{}", None, ticket)
    assert not Guard("another-secret-of-16").signed(7, b"{}", None, ticket)
    assert not guard.signed(7, b"{}", None, None)
    assert SECRET not in ticket
    assert not guard.admits(None, ticket)


def test_a_signature_is_of_the_body():
    """A signature is the HMAC-SHA256 of the body by the secret, as any sender can make it."""
    guard = Guard(SECRET)
    body = b'{"action": "ANNOTATION_CREATED"}'
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert guard.signed(7, body, signature, None)
    assert not guard.signed(7, body + b" ", signature, None)
    assert not guard.signed(7, body, signature.removeprefix("sha256="), None)
    assert not guard.signed(7, body, "", guard.ticket(7))


@pytest.mark.parametrize("secret", ["", "short", "with\nline breaks in it", "यह बहुत लंबा रहस्य है"])
def test_a_secret_that_will_not_do(secret):
    """A secret is long enough, and fits into a header; the message does not show it."""
    with pytest.raises(UsageError) as caught:
        Guard(secret)
    assert not secret or secret not in str(caught.value)


def test_a_secret_is_made_up():
    """Without a secret, each guard has one of its own."""
    assert Guard().password != Guard().password
    assert len(Guard().password) >= 32
