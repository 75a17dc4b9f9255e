"""The process that plans and builds: ``python -m bot.builder``, started by ``bot.building``.

It reads one job as a line of JSON from standard input and prints lines of JSON. It runs at a
lower priority and with a limit of memory, so that questions go on at their usual speed in the
process that started it; and it ends when that process does, whose end of the pipe then closes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.build import Progress

_LOWEST = 19
_MEGABYTE = 1 << 20
_PAUSE = 0.2
"""Seconds between two reports of progress at least."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the process is to do.

    Attributes:
        task: ``plan`` or ``build``.
        settings: the settings that were given, as in the environment.
        recipe: what a version is made with, for a plan; it needs no model.
        full: whether to embed everything anew.
        who: for whom, to be told to the next one who asks for it.
        threads: passages embedded at once; 0 for as many as there are processors.
        memory: megabytes that the process may use; 0 for no limit.
        nice: by how much to lower its priority, 0 to 19.
    """

    task: str
    settings: dict[str, Any]
    recipe: dict[str, Any] | None = None
    full: bool = False
    who: str = ""
    threads: int = 1
    memory: int = 0
    nice: int = 0

    def as_line(self) -> str:
        """This job as the process reads it."""
        return json.dumps(asdict(self)) + "\n"


def main() -> None:
    """Do the job that standard input names."""
    job = Job(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _step_back(job.nice, job.memory)
    try:
        _run(job)
    except MemoryError:
        _tell(error="out of memory", kind="MemoryError")
    except Exception as error:
        from bot.errors import BotError
        from corpus.errors import CorpusError
        from index.errors import SearchIndexError

        if not isinstance(error, BotError | CorpusError | SearchIndexError):
            raise  # with its traceback, which that process logs
        _tell(error=str(error), kind=type(error).__name__)


def _run(job: Job) -> None:
    from bot.settings import Settings

    settings = Settings(_env_file=None, **job.settings)  # type: ignore[call-arg]
    if job.task == "plan":
        _plan(job, settings)
    else:
        _build(job, settings)


def _plan(job: Job, settings: Settings) -> None:
    from bot.collections import Collection
    from bot.ledger import Ledger
    from bot.planning import make_plan
    from index.manifest import Recipe

    assert job.recipe is not None
    ledger = Ledger(settings.home / "ledger.db")
    try:
        plan = make_plan(Collection.of(settings).required(), Recipe(**job.recipe), ledger)
    finally:
        ledger.close()
    _tell(plan=plan.as_json())


def _build(job: Job, settings: Settings) -> None:
    from bot.build_lock import BuildLock
    from bot.collections import Collection
    from bot.corpus_admin import built_as_json, reindex
    from index.models import open_embedder

    collection = Collection.of(settings).required()
    with BuildLock(collection.folder).held(job.who) as lock:
        embedder = open_embedder(
            settings.model, settings.device, home=settings.home, threads=job.threads
        )
        told = 0.0

        def progress(state: Progress) -> None:
            nonlocal told
            if state.done == state.total or time.monotonic() - told > _PAUSE:
                told = time.monotonic()
                _tell(done=state.done, total=state.total)
                lock.tell(state.done, state.total)

        built = reindex(settings, embedder, progress, full=job.full)
    _tell(built=built_as_json(built))


def _step_back(nice: int, memory: int) -> None:
    """Let everything else go first, and take no more memory than allowed."""
    if hasattr(os, "nice"):
        os.nice(nice)
    if nice == _LOWEST and hasattr(os, "SCHED_IDLE"):
        # Beyond nice: whatever else wants to run need not wait for the end of a time slice.
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    if memory and sys.platform != "win32":
        import resource

        # Memory of its own: files that are mapped, as indexes and models are, do not count.
        with suppress(ValueError, OSError):  # a lower limit is set from outside
            resource.setrlimit(resource.RLIMIT_DATA, (memory * _MEGABYTE, memory * _MEGABYTE))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)  # at any moment: the version in use stays complete


def _tell(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def environment() -> dict[str, str]:
    """The environment of such a process: this one's, with this very package importable."""
    package = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        "PYTHONPATH": path,
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait without turning
        "TOKENIZERS_PARALLELISM": "false",
        "MALLOC_ARENA_MAX": "2",  # each thread's own would count as memory that is used
    }


if __name__ == "__main__":
    main()
