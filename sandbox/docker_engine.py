"""`Engine` for a real Docker engine: the only module that imports the Docker SDK.

The SDK blocks, so its calls run on threads of our own. A cancelled call goes on in its thread;
what it leaves behind carries our labels, and the reaper finds it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TypeVar

import docker
import docker.errors
import requests
import structlog
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from sandbox import engine
from sandbox.engine import ContainerSpec, HostEngine, SandboxState, Status
from sandbox.errors import HostEngineDown, SandboxError, SandboxGone, StartFailed
from sandbox.spec import STOP_TIMEOUT_S

THREADS = 8
WORKERS = 16
END_TIMEOUT_S = 9
"""A keeper of an older image takes INT for an orderly stop."""
ANSWER_TIMEOUT_S = 2
"""An engine that doesn't answer a simple question in this time is down."""
QUESTION_LIMIT_S = 5.0
"""The same with its turn: when the engine hangs, many wait for it to say nothing."""
WORK_LIMIT_S = 45.0
WORK_TIMEOUT_S = 20
"""For create, start and remove: the machine may be busy with many at once."""
LAST_WORDS_LINES = 5
LAST_WORDS_LENGTH = 300
NOT_RUNNING = 409
NAME_TAKEN = 409
NAME_FREE_S = 5.0
"""So long a new container waits for the end of an old one of its name."""
LOOK_AT_NAME_S = 0.05
_STATUSES = {
    "running": Status.RUNNING,
    "restarting": Status.RUNNING,
    "paused": Status.FROZEN,
    "created": Status.CREATED,
}
"""Everything else has ended."""

_Result = TypeVar("_Result")

log = structlog.get_logger(__name__)


class DockerEngine:
    """`sandbox.engine.Engine` at an address like `unix:///var/run/docker.sock`."""

    def __init__(self, url: str) -> None:
        self._url = url
        # Work takes seconds; a question must not wait behind it.
        self._questions = ThreadPoolExecutor(THREADS, thread_name_prefix="docker-ask")
        self._works = ThreadPoolExecutor(WORKERS, thread_name_prefix="docker-work")
        self._connecting = Lock()
        self._api: docker.APIClient | None = None
        self._information: _Information | None = None

    async def describe(self) -> HostEngine:
        """See `Engine.describe`."""
        return await self._call(self._describe)

    async def image_id(self, name: str) -> str:
        """See `Engine.image_id`."""
        return await self._call(lambda: self._image_id(name))

    async def sandboxes(self) -> list[SandboxState]:
        """See `Engine.sandboxes`."""
        return await self._call(self._sandboxes)

    async def start(self, spec: ContainerSpec) -> str:
        """See `Engine.start`."""
        return await self._work(lambda: self._start(spec))

    async def state(self, container_id: str) -> SandboxState | None:
        """See `Engine.state`."""
        return await self._call(lambda: self._state(container_id))

    async def last_words(self, container_id: str) -> str:
        """See `Engine.last_words`."""
        return await self._call(lambda: self._last_words(container_id))

    async def freeze(self, container_id: str) -> None:
        """See `Engine.freeze`."""
        await self._call(lambda: self._set_frozen(container_id, frozen=True))

    async def thaw(self, container_id: str) -> None:
        """See `Engine.thaw`."""
        await self._call(lambda: self._set_frozen(container_id, frozen=False))

    async def remove(self, container_id: str) -> None:
        """See `Engine.remove`."""
        await self._work(lambda: self._remove(container_id))

    async def end(self, container_id: str) -> None:
        """See `Engine.end`."""
        await self._work(lambda: self._end(container_id))

    def close(self) -> None:
        """Let go of the threads; calls that are under way end by their own time-outs."""
        for threads in (self._questions, self._works):
            threads.shutdown(wait=False, cancel_futures=True)
        if self._api is not None:
            self._api.close()

    async def _call(self, question: Callable[[], _Result]) -> _Result:
        return await _on(self._questions, question, limit_s=QUESTION_LIMIT_S)

    async def _work(self, work: Callable[[], _Result]) -> _Result:
        return await _on(self._works, work, limit_s=WORK_LIMIT_S)

    def _connected(self) -> docker.APIClient:
        """The API client; made at the first call, since making it asks for the API's version."""
        if self._api is not None:
            return self._api
        if not self._connecting.acquire(timeout=ANSWER_TIMEOUT_S):
            raise TimeoutError("another one waits for it already")
        try:
            if self._api is None:
                self._api = docker.APIClient(
                    self._url, version="auto", timeout=ANSWER_TIMEOUT_S, max_pool_size=THREADS
                )
            return self._api
        finally:
            self._connecting.release()

    def _describe(self) -> HostEngine:
        with engine_errors():
            api = self._connected()
            version = str(api.version()["Version"])
            if self._information is None:
                self._information = _Information.model_validate(api.info())
        return HostEngine(
            version=version,
            systemd_cgroups=self._information.cgroup_driver == "systemd",
            runtimes=frozenset(self._information.runtimes),
            apparmor="name=apparmor" in self._information.security_options,
        )

    def _sandboxes(self) -> list[SandboxState]:
        role = f"{engine.ROLE_LABEL}={engine.SANDBOX_ROLE}"
        with engine_errors():
            found = self._connected().containers(all=True, filters={"label": role})
            listed = _LISTED.validate_python(found)
        states = [self._state_of_listed(container) for container in listed]
        return [state for state in states if state is not None]

    def _state_of_listed(self, listed: _Listed) -> SandboxState | None:
        status = _STATUSES.get(listed.state, Status.ENDED)
        if status in (Status.RUNNING, Status.FROZEN):
            return _state(
                listed.id, listed.labels, status, created_at=listed.created, image=listed.image
            )
        return self._state(listed.id)  # the list has no exit status

    def _state(self, container_id: str) -> SandboxState | None:
        try:
            with engine_errors():
                found = _Inspected.model_validate(self._connected().inspect_container(container_id))
        except SandboxGone:
            return None
        created = found.created.timestamp()
        status = _STATUSES.get(found.state.status, Status.ENDED)
        return _state(
            found.id,
            found.config.labels,
            status,
            exit_code=found.state.exit_code,
            created_at=created,
            image=found.image,
        )

    def _start(self, spec: ContainerSpec) -> str:
        # Asked first, because creating has a longer time-out than "does it live".
        self._describe()
        with engine_errors(refused=StartFailed), self._patient() as api:
            container_id = created(api, spec)
            try:
                api.start(container_id)
            except (docker.errors.DockerException, requests.RequestException):
                api.remove_container(container_id, force=True)
                raise
        return container_id

    def _set_frozen(self, container_id: str, *, frozen: bool) -> None:
        """The engine calls it an error when it is so already, in words that differ.

        Only then it is asked how it is: somebody waits for the thaw.
        """
        try:
            with engine_errors(refused=StartFailed):
                api = self._connected()
                (api.pause if frozen else api.unpause)(container_id)
        except StartFailed:
            state = self._state(container_id)
            if state is None or state.status not in (Status.RUNNING, Status.FROZEN):
                raise SandboxGone("the container does not run") from None
            if (state.status is Status.FROZEN) != frozen:
                raise

    def _remove(self, container_id: str) -> None:
        with engine_errors(gone_is_fine=True), self._patient() as api:
            # In order: on cgroup v1 an engine can't kill what `docker pause` froze inside.
            api.stop(container_id, timeout=STOP_TIMEOUT_S)
            api.remove_container(container_id, force=True)

    def _end(self, container_id: str) -> None:
        with engine_errors(gone_is_fine=True), self._patient() as api:
            # The keeper kills the learner's side itself: see `_remove` for why a plain kill may
            # not end it. A frozen one takes no signal.
            if api.inspect_container(container_id)["State"]["Paused"]:
                api.unpause(container_id)
            try:
                api.kill(container_id, signal="INT")
                api.wait(container_id, timeout=END_TIMEOUT_S)
            except docker.errors.APIError as exc:
                if exc.status_code != NOT_RUNNING:
                    raise
            except requests.RequestException:  # it does not end: the engine has to
                log.warning("sandbox_end_slow", container=container_id)
            api.remove_container(container_id, force=True)

    def _image_id(self, name: str) -> str:
        with engine_errors():
            try:
                image = self._connected().inspect_image(name)  # type: ignore[no-untyped-call]
                return str(image["Id"])
            except docker.errors.ImageNotFound:
                return ""

    def _last_words(self, container_id: str) -> str:
        with engine_errors(gone_is_fine=True):
            said = self._connected().logs(container_id, tail=LAST_WORDS_LINES)
            return bytes(said).decode(errors="replace").strip()[-LAST_WORDS_LENGTH:]
        return ""

    @contextmanager
    def _patient(self) -> Generator[docker.APIClient]:
        """A client of its own for one longer piece of work: a time-out belongs to a client."""
        version = self._connected().api_version
        api = docker.APIClient(self._url, version=version, timeout=WORK_TIMEOUT_S)
        try:
            yield api
        finally:
            api.close()


def created(api: docker.APIClient, spec: ContainerSpec) -> str:
    """The id of a new container.

    The kernel may give a deleted disk's inode to a new disk as soon as the old container ended,
    a moment before the engine has forgotten that container and the name that it has by this inode.
    """
    give_up_at = time.monotonic() + NAME_FREE_S
    while True:
        try:
            made = api.create_container_from_config(  # type: ignore[no-untyped-call]
                dict(spec.config), spec.name
            )
            return str(made["Id"])
        except docker.errors.APIError as exc:
            late = time.monotonic() > give_up_at
            if exc.status_code != NAME_TAKEN or late or _runs(api, spec.name):
                raise
        time.sleep(LOOK_AT_NAME_S)


def _runs(api: docker.APIClient, name: str) -> bool:
    try:
        return bool(api.inspect_container(name)["State"]["Running"])
    except docker.errors.NotFound:
        return False


async def _on(
    threads: ThreadPoolExecutor, work: Callable[[], _Result], *, limit_s: float
) -> _Result:
    """Its result; what waits for its turn for too long is not done at all."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limit_s):
            return await loop.run_in_executor(threads, work)
    except TimeoutError as exc:
        raise HostEngineDown(f"no answer in {limit_s:g} s") from exc


class _Information(BaseModel):
    """What we read of the engine's account of itself; it does not change while it runs."""

    cgroup_driver: str = Field(alias="CgroupDriver")
    runtimes: dict[str, object] = Field(default_factory=dict, alias="Runtimes")
    security_options: list[str] = Field(default_factory=list, alias="SecurityOptions")


class _Listed(BaseModel):
    """What we read of an entry of the engine's list of containers."""

    id: str = Field(alias="Id")
    state: str = Field(alias="State")
    labels: dict[str, str] = Field(alias="Labels")
    created: float = Field(alias="Created")
    image: str = Field(default="", alias="ImageID")


class _InspectedState(BaseModel):
    status: str = Field(alias="Status")
    exit_code: int = Field(alias="ExitCode")


class _InspectedConfig(BaseModel):
    labels: dict[str, str] = Field(alias="Labels")


class _Inspected(BaseModel):
    """What we read of a container."""

    id: str = Field(alias="Id")
    created: datetime = Field(alias="Created")
    state: _InspectedState = Field(alias="State")
    config: _InspectedConfig = Field(alias="Config")
    image: str = Field(default="", alias="Image")


_LISTED = TypeAdapter(list[_Listed])


def _state(
    container_id: str,
    labels: dict[str, str],
    status: Status,
    *,
    created_at: float,
    image: str,
    exit_code: int = 0,
) -> SandboxState:
    learner = labels.get(engine.LEARNER_LABEL, "")
    return SandboxState(
        container_id=container_id,
        # Before sandboxes had ids, their folders had the learner's name.
        sandbox_id=labels.get(engine.SANDBOX_LABEL) or learner,
        learner=learner,
        disk_inode=_number(labels.get(engine.DISK_LABEL, "")),
        home=labels.get(engine.HOME_LABEL, ""),
        uid_base=_number(labels.get(engine.UID_BASE_LABEL, "")),
        safe=bool(labels.get(engine.SAFE_LABEL)),
        status=status,
        exit_code=exit_code,
        created_at=created_at,
        image=image,
    )


def _number(label: str) -> int:
    return int(label) if label.isdecimal() else 0


@contextmanager
def engine_errors(
    *, refused: type[SandboxError] = HostEngineDown, gone_is_fine: bool = False
) -> Generator[None]:
    """Let nothing of the SDK leave this module under its own name.

    `refused` is what it means when the engine answers, and says no.
    """
    try:
        yield
    except docker.errors.ImageNotFound as exc:
        raise StartFailed("the engine image is not on this machine") from exc
    except docker.errors.NotFound as exc:
        if not gone_is_fine:
            raise SandboxGone("the container is gone") from exc
    except docker.errors.APIError as exc:
        raise refused(str(exc.explanation or exc)[:LAST_WORDS_LENGTH]) from exc
    # A dead engine surfaces as an error of requests or of the system, not as a DockerException.
    except (docker.errors.DockerException, requests.RequestException, OSError) as exc:
        raise HostEngineDown(f"no answer ({type(exc).__name__})") from exc
    except (ValidationError, KeyError, TypeError) as exc:
        raise HostEngineDown("the engine's answer was not understood") from exc
