"""The service: the addresses that Label Studio asks, and the one that it tells of annotations."""

from typing import TYPE_CHECKING, Any

import orjson

from annotate.errors import AnnotateError, MissingExtra, UsageError
from annotate.studio.backend.guard import SECRET_HEADER, SIGNATURE_HEADER, TICKET_HEADER, Guard
from annotate.studio.backend.predictor import Predictor
from annotate.studio.backend.puller import Puller

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["application"]

BODY_BYTES = 64 * 1024 * 1024  # Label Studio sends all tasks that were selected at once; a million characters are 3 MB
_WEBHOOK_BYTES = 4 * 1024 * 1024


def application(predictor: Predictor, guard: Guard, puller: Puller | None = None) -> "FastAPI":
    """Make the service.

    Bodies are read by hand: what a framework says about a body that does not fit repeats it, and in the body of
    /setup stands a key of Label Studio. Of that body only the interface is looked at.

    Args:
        predictor: answers /predict.
        guard: decides who is answered.
        puller: pulls when a webhook comes; without one, /webhook is not there.

    Raises:
        MissingExtra: FastAPI is not installed.
    """
    try:
        from fastapi import FastAPI, HTTPException, Request, Response
        from fastapi.concurrency import run_in_threadpool
    except ModuleNotFoundError as error:
        raise MissingExtra("fastapi", "backend") from error

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    def answer(content: Any, status: int = 200) -> Response:
        return Response(orjson.dumps(content), status, media_type="application/json")

    def admit(request: Request) -> None:
        if not guard.admits(request.headers.get("authorization"), request.headers.get(SECRET_HEADER)):
            headers = {"WWW-Authenticate": 'Basic realm="annotate"'}
            raise HTTPException(401, "the secret is missing or wrong", headers)

    async def raw(request: Request, limit: int) -> bytes:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise HTTPException(413, f"more than {limit} bytes")
        return bytes(body)

    async def told(request: Request) -> dict[str, Any]:
        try:
            body = orjson.loads(await raw(request, BODY_BYTES))
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            raise HTTPException(400, "the body is no JSON object")
        return body

    @app.exception_handler(AnnotateError)
    async def failed(_: Request, error: AnnotateError) -> Response:
        return answer({"error": str(error)}, 400 if isinstance(error, UsageError) else 503)

    @app.get("/health")
    async def health(request: Request) -> Response:
        admit(request)
        return answer({"status": "UP", "model_version": predictor.model_version})

    @app.get("/versions")
    async def versions(request: Request) -> Response:
        admit(request)
        return answer({"versions": [predictor.model_version]})

    @app.post("/setup")
    async def setup(request: Request) -> Response:
        admit(request)
        schema = (await told(request)).get("schema")
        predictor.text_field(schema if isinstance(schema, str) else "")
        return answer({"model_version": predictor.model_version})

    @app.post("/predict")
    async def predict(request: Request) -> Response:
        admit(request)
        body = await told(request)
        tasks, label_config = body.get("tasks"), body.get("label_config")
        if not isinstance(tasks, list) or not isinstance(label_config, str):
            raise HTTPException(400, "tasks must be a list and label_config a text")
        results = await run_in_threadpool(predictor.predict, tasks, label_config)
        return answer({"results": results, "model_version": predictor.model_version})

    if puller is not None:

        @app.post("/webhook/{project}")
        async def webhook(project: int, request: Request) -> Response:
            body = await raw(request, _WEBHOOK_BYTES)
            signature, ticket = (request.headers.get(name) for name in (SIGNATURE_HEADER, TICKET_HEADER))
            if not guard.signed(project, body, signature, ticket):
                raise HTTPException(401, "the webhook is not signed")
            puller.ask()
            return answer({"pull": "asked for"}, 202)

    return app
