"""Tells a project of Label Studio where the service is, asks it for word of annotations, and takes both back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.errors import StudioError
from annotate.studio.backend.guard import TICKET_HEADER, USER, Guard
from annotate.studio.client import Client, Project

__all__ = ["Connection", "Disconnection", "connect", "disconnect"]

TITLE = "annotate-kit"
_HOOKS = "/api/webhooks/"
_TICKET = TICKET_HEADER.title()

# What changes annotations.jsonl.
_ACTIONS = ("ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED", "TASKS_DELETED")


@dataclass(frozen=True, slots=True)
class Connection:
    """What a project has now: the numbers of its ML backend and, if asked for, of its webhook."""

    project: int
    title: str
    backend: int
    webhook: int | None


@dataclass(frozen=True, slots=True)
class Disconnection:
    """What was taken from a project: the numbers of ML backends and of webhooks, none where there was nothing."""

    project: int
    title: str
    backends: tuple[int, ...]
    webhooks: tuple[int, ...]


def connect(client: Client, project: Project, url: str, guard: Guard, *, webhook: bool) -> Connection:
    """Add the service to a project; one that was added before, also at another address, is brought up to date instead.

    The server asks the service for /health and /setup before it answers, so it must be running.

    Args:
        client: the server.
        project: of it.
        url: where the server reaches the service.
        guard: the secret goes to the server as the password of basic authentication.
        webhook: whether word of annotations is wanted; if not, the webhook of an earlier connection is removed.

    Raises:
        StudioError: the server refuses, for instance since it may not or cannot reach the address.
    """
    backend = {
        "project": project.id,
        "url": url,
        "title": TITLE,
        "description": "Pre-labels by annotate-kit.",
        "auth_method": "BASIC_AUTH",
        "basic_auth_user": USER,
        "basic_auth_pass": guard.password,
        "is_interactive": False,
    }
    # Label Studio asks the first backend of a project, so an old address must not stay before the new one.
    former = _backends(client, project)
    number = _put(client, "the ML backend", "/api/ml", former, backend)
    unsigned, hooks = _unsigned((*former, backend)), _hooks(client, project)
    for one in hooks:
        if one["url"] in unsigned or (_is_ours(one) and not webhook):
            _remove(client, "the webhook", f"{_HOOKS}{one['id']}/")
    if not webhook:
        return Connection(project.id, project.title, number, None)
    hook = {
        "project": project.id,
        "url": f"{url}/webhook/{project.id}",
        "send_payload": False,  # that something happened is enough, and a pull asks what
        "send_for_all_actions": False,
        "actions": list(_ACTIONS),
        "headers": {_TICKET: guard.ticket(project.id)},
        "is_active": True,
    }
    heard = _put(client, "the webhook", _HOOKS, [one for one in hooks if _is_ours(one)], hook)
    return Connection(project.id, project.title, number, heard)


def disconnect(client: Client, project: Project) -> Disconnection:
    """Take from a project what `connect` added, now or at an earlier address; what others added stays.

    The service need not run. Webhooks go first: one that is cut off finds the rest by the backends that are left.

    Raises:
        StudioError: the server fails or refuses.
    """
    backends = _backends(client, project)
    unsigned = _unsigned(backends)
    hooks = [one for one in _hooks(client, project) if _is_ours(one) or one["url"] in unsigned]
    for one in hooks:
        _remove(client, "the webhook", f"{_HOOKS}{one['id']}/")
    for one in backends:
        _remove(client, "the ML backend", f"/api/ml/{one['id']}")
    numbers = (tuple(sorted(int(one["id"]) for one in found)) for found in (backends, hooks))
    return Disconnection(project.id, project.title, *numbers)


def _backends(client: Client, project: Project) -> list[Mapping[str, Any]]:
    listed = client.ask("looking for ML backends", "GET", "/api/ml", params={"project": project.id})
    return [one for one in listed if one.get("title") == TITLE]


def _hooks(client: Client, project: Project) -> list[Mapping[str, Any]]:
    listed = client.ask("looking for webhooks", "GET", _HOOKS, params={"project": project.id})
    return [one for one in listed if one.get("project") == project.id]


def _unsigned(backends: Iterable[Mapping[str, Any]]) -> set[str]:
    """Where Label Studio's own webhooks of these backends lead: it adds one each, for whole annotations, unsigned."""
    return {f"{one['url'].rstrip('/')}/webhook" for one in backends}


def _is_ours(hook: Mapping[str, Any]) -> bool:
    return _TICKET in (hook.get("headers") or {})


def _remove(client: Client, what: str, path: str) -> None:
    """Delete something; that it is gone already is as good, since the answer to an earlier request may be lost."""
    try:
        client.ask(f"removing {what}", "DELETE", path)
    except StudioError as error:
        if error.status != 404:
            raise


def _put(client: Client, what: str, path: str, found: Sequence[Mapping[str, Any]], wanted: Mapping[str, Any]) -> int:
    """Bring what was found up to date, or add it where nothing was; its number."""
    method, action, place = "POST", "adding", path
    if found:
        place = f"{path.rstrip('/')}/{found[0]['id']}" + ("/" if path.endswith("/") else "")
        method, action = "PATCH", "changing"
    try:
        return int(client.ask(f"{action} {what}", method, place, body=wanted, once=not found)["id"])
    except StudioError as error:
        if error.status != 403:
            raise
        # The key was good for looking; what is refused is the address, or changes by this account.
        raise StudioError(
            f"{client.url}: {action} {what}: Label Studio refuses to call {wanted['url']}, or this account may not"
            " change the project; an address on this machine or in a private network must be allowed there:"
            " annotate studio up --local-services, or ML_BLOCK_LOCAL_IP=false and"
            " SSRF_PROTECTION_ENABLED=false in its environment",
            error.status,
        ) from error
