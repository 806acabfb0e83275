"""One bot for all tests of a module: starting one takes longer than most of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.bot_stage import BotStage, bot_stage
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge


def stage_for_module(*features: str) -> Any:
    """The fixture `stage` of a module, with these features, on its fixture `sandboxes`.

    At its end all that was said to Discord is judged.
    """

    @pytest_asyncio.fixture(scope="module", loop_scope="module", name="stage")
    async def stage(
        tmp_path_factory: pytest.TempPathFactory, sandboxes: FakeSandboxes
    ) -> AsyncIterator[BotStage]:
        folder = tmp_path_factory.mktemp("stage")
        async with bot_stage(folder, sandboxes=sandboxes, features=features) as stage:
            yield stage
            judge(stage.playground)

    return stage
