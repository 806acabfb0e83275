"""What all parts of the contract are made of: names, headers, failures."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

REQUEST_ID_HEADER = "X-Request-ID"
REQUEST_ID = "request_id"
"""Name of the request's id among structlog's context variables, on both sides of the wire."""

ContainerName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")]
LearnerName = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class Wire(BaseModel):
    """A value on the wire; unknown fields are refused so that both sides stay in step."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Failure(Wire):
    """Body of every answer that is not 2xx; `place` and `estimate_s` for `in_line` only."""

    error: str
    detail: str = ""
    place: int | None = None
    estimate_s: float | None = None
