"""Planning and building in a process of their own, watched from this one."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.build_lock import BuildLock, Running
from bot.builder import Job, environment
from bot.collections import Collection
from bot.errors import BuildCancelledError, BuildFailedError, BuildRunningError
from index.build import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.planning import Plan
    from bot.settings import Settings
    from index.manifest import Recipe

_LAST_LINES = 30
"""Lines kept for the log should the process fail."""
_LONGEST_LINE = 64 << 20
"""Bytes of a report at most: a plan may name many articles."""

_log = logging.getLogger(__name__)


class Builds:
    """Plans and builds collections, each in a process of its own and one at a time.

    Args:
        settings: of the running bot.
        threads: passages embedded at once; as in the settings where ``None``.
        module: what the process runs.
    """

    def __init__(
        self, settings: Settings, threads: int | None = None, module: str = "bot.builder"
    ) -> None:
        self._settings = settings
        self._threads = settings.build_threads if threads is None else threads
        self._module = module
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._cancelled: dict[str, str] = {}
        self._starting: dict[str, str] = {}

    async def plan(self, name: str, recipe: Recipe) -> Plan:
        """What a build of the collection ``name`` would change.

        Raises:
            BuildFailedError: if that cannot be found out.
        """
        from bot.planning import Plan

        found = await self._run(self._job("plan", name, recipe=asdict(recipe)), f"plan {name}")
        return Plan.from_json(found["plan"])

    async def build(
        self,
        name: str,
        who: str,
        progress: Callable[[Progress], None] = lambda _: None,
        *,
        full: bool = False,
    ) -> dict[str, Any]:
        """Bring the collection ``name`` up to date; returns ``corpus_admin.built_as_json``.

        Raises:
            BuildRunningError: if it is being built already, here or in another process.
            BuildCancelledError: if somebody cancelled it.
            BuildFailedError: if it cannot be built. In each case the version before stays.
        """
        self.check_free(name)
        self._starting[name] = who
        try:
            job = self._job("build", name, full=full, who=who)
            found = await self._run(job, name, progress)
        finally:
            del self._starting[name]
        built: dict[str, Any] = found["built"]
        return built

    def running(self, name: str) -> Running | None:
        """The build of a collection that is under way in any process."""
        return BuildLock(Collection.of(self._settings, name).folder).running()

    def cancel(self, name: str, who: str) -> bool:
        """End the build of a collection. Returns whether there was one in this process.

        What was embedded is kept, and the next build goes on there.
        """
        process = self._processes.get(name)
        if process is None:
            return False
        self._cancelled[name] = who
        with suppress(ProcessLookupError):
            process.kill()
        return True

    def close(self) -> None:
        """End all builds; they go on where they stopped when they are asked for again."""
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                process.kill()

    def check_free(self, name: str) -> None:
        """Make sure that nobody builds a collection.

        Raises:
            BuildRunningError: naming who does, and how far it is.
        """
        running = self.running(name)
        if running is None and name in self._starting:
            running = Running(self._starting[name], 0.0)
        if running is not None:
            raise BuildRunningError(running.who, running.percent)

    def _job(self, task: str, name: str, **more: Any) -> Job:
        given = self._settings.on(name).model_dump(mode="json", exclude_unset=True)
        secret = {key for key in given if key.endswith("_token")}
        shown = {key: value for key, value in given.items() if key not in secret}
        # Paths are told as they are here: the process may have another current folder.
        shown |= {"home": str(self._settings.home.absolute()), "corpus": name}
        if "articles" in shown:
            shown["articles"] = str(self._settings.articles.absolute())
        memory, nice = self._settings.build_memory, self._settings.build_nice
        return Job(task, shown, threads=self._threads, memory=memory, nice=nice, **more)

    async def _run(
        self, job: Job, name: str, progress: Callable[[Progress], None] = lambda _: None
    ) -> Any:
        """The last report of a process that does ``job``."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-W", "ignore", "-m", self._module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            limit=_LONGEST_LINE,
            start_new_session=True,  # Ctrl-C is for this process, which ends that one
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
        self._processes[name] = process
        try:
            assert process.stdin is not None
            process.stdin.write(job.as_line().encode())
            report, lines = await asyncio.gather(_follow(process, progress), _errors(process))
            code = await process.wait()
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            del self._processes[name]
        if "built" in report or "plan" in report:
            return report
        self._fail(name, job, report, lines, code)
        raise AssertionError  # it has failed

    def _fail(
        self, name: str, job: Job, report: dict[str, Any], lines: list[str], code: int
    ) -> None:
        folder = Collection.of(self._settings, job.settings["corpus"]).folder
        _clean(folder)
        if name in self._cancelled:
            raise BuildCancelledError(self._cancelled.pop(name))
        if report.get("kind") == "BuildRunningError":
            running = BuildLock(folder).running() or Running("", 0.0)
            raise BuildRunningError(running.who, running.percent)
        if report.get("error") and report.get("kind") != "MemoryError":
            raise BuildFailedError.of(report["error"])
        _log.error("a builder ended with code %s:\n%s", code, "".join(lines))
        raise BuildFailedError.unexplained(code, job.memory)


def _clean(folder: Path) -> None:
    """Remove what a killed builder left half-written: it takes up room."""
    from index.errors import SearchIndexError
    from index.versions import Versions

    with suppress(SearchIndexError, OSError), Versions(folder).writing():
        pass


async def _follow(
    process: asyncio.subprocess.Process, progress: Callable[[Progress], None]
) -> dict[str, Any]:
    """Pass on the progress that a process reports; returns its last other report."""
    last: dict[str, Any] = {}
    assert process.stdout is not None
    async for line in process.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            continue  # a library printed something
        if isinstance(message, dict) and "total" in message:
            progress(Progress(message["done"], message["total"]))
        elif isinstance(message, dict):
            last = message
    return last


async def _errors(process: asyncio.subprocess.Process) -> list[str]:
    assert process.stderr is not None
    lines: deque[str] = deque(maxlen=_LAST_LINES)
    async for line in process.stderr:
        lines.append(line.decode("utf-8", "replace"))
    return list(lines)
