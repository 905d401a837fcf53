"""How far work in the background has come, told beside the uploaded files instead of in the database.

While a large import is written the database has one long transaction: what that writes nobody else can see, and on
SQLite nobody else can write. So the worker tells its progress in a small file, is told by another one to stop, and
shows that it is alive by a lock that the system takes from it however it ends.
"""

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.files import locks
from django.core.files.storage import default_storage

from members.models import ImportBatch

FOLDER = "work"
PAUSE = 0.3
"""Seconds between two looks at the clock that tell something."""

READING, UNDERSTANDING, CHECKING, KEEPING = "reading", "understanding", "checking", "keeping"
APPLYING, UNDOING = "applying", "undoing"
_READ = {READING: 0.35, UNDERSTANDING: 0.4, CHECKING: 0.1, KEEPING: 0.15}
SHARES = {
    ImportBatch.Work.READING: _READ,
    ImportBatch.Work.REREADING: _READ,
    ImportBatch.Work.APPLYING: {APPLYING: 1},
    ImportBatch.Work.UNDOING: {UNDOING: 1},
}
"""Which phases a work goes through, in order, and what part of its time each takes, about."""


class Cancelled(Exception):
    """Somebody does not want the work any more."""


def folder():
    path = Path(default_storage.path(FOLDER))
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@dataclass(frozen=True)
class Stand:
    """How far a work is."""

    phase: str
    done: int
    total: int | None
    """Rows of the phase; None as long as nobody knows."""
    began: float
    """When the work began; seconds since the epoch, as `now`."""
    now: float

    def fraction(self, work):
        """The part of all the work that is done, 0 to 1; None as long as nobody knows."""
        if not self.total:
            return None
        before = 0
        for phase, share in SHARES[work].items():
            if phase == self.phase:
                return before + share * min(1, self.done / self.total)
            before += share
        return None

    def seconds_left(self, work):
        """About how long it will take yet, None before there is something to judge by."""
        fraction = self.fraction(work)
        spent = self.now - self.began
        if not fraction or spent < 1:
            return None
        return spent * (1 - fraction) / fraction


class Progress:
    """What the steps of an import are given to tell how far they are: ``progress("reading", 5000, 20000)``.

    Raises Cancelled when the work is not wanted any more.
    """

    def __init__(self, batch):
        self.pk, self.task = batch.pk, batch.task
        self.began, self.told, self.phase = time.time(), 0, None
        self._look()

    def __call__(self, phase, done, total=None):
        now = time.time()
        if phase == self.phase and now - self.told < PAUSE:
            return
        self._look()
        self.phase, self.told = phase, now
        stand = {"task": str(self.task), **asdict(Stand(phase, done, total, self.began, now))}
        _write(_stand_path(self.pk), json.dumps(stand))

    def _look(self):
        if is_cancelled(self.pk, self.task):
            raise Cancelled


def silent(phase, done, total=None):
    """The progress of work for which somebody waits: nobody is told."""


def stand_of(batch):
    """The `Stand` of the work that `batch` has in hand, None before its first word."""
    found = _read(_stand_path(batch.pk))
    try:
        stand = json.loads(found)
        return Stand(**stand) if stand.pop("task") == str(batch.task) else None
    except (ValueError, TypeError, KeyError):
        return None


def cancel(batch):
    """Tell the worker that the work `batch` has in hand is not wanted any more."""
    _write(_cancel_path(batch.pk), str(batch.task))


def is_cancelled(pk, task):
    return _read(_cancel_path(pk)) == str(task)


def forget(pk, task):
    """Remove what was told about the work `task` of the batch `pk`."""
    if str(task) in _read(_stand_path(pk)):
        _stand_path(pk).unlink(missing_ok=True)
    if is_cancelled(pk, task):
        _cancel_path(pk).unlink(missing_ok=True)


@contextlib.contextmanager
def holding(name):
    """Hold the lock `name` of this installation; waits for whoever has it."""
    path = folder() / f"{name}.lock"
    with _locked(path) as file:
        try:
            yield
        finally:
            with contextlib.suppress(PermissionError):  # Windows keeps the name of an open file
                path.unlink(missing_ok=True)
            locks.unlock(file)


def _locked(path):
    """The open file at `path`, locked."""
    while True:
        file = open(path, "ab")  # noqa: SIM115 (the caller closes it)
        locks.lock(file, locks.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        # who had it took its name away while we waited: a lock on that would keep nobody out
        file.close()


def is_held(name):
    """Whether a living process holds the lock `name`."""
    path = folder() / f"{name}.lock"
    try:
        with open(path, "rb") as file:
            free = locks.lock(file, locks.LOCK_SH | locks.LOCK_NB)
            if free:
                locks.unlock(file)
            return not free
    except FileNotFoundError:
        return False


def batch_lock(pk):
    """The name of the lock that the process working on the batch `pk` holds."""
    return f"batch-{pk}"


WORKER = "worker-"
"""Begins the names of the locks that workers hold as long as they live."""


def has_worker():
    """Whether a worker is alive that will see to what is waiting."""
    return any(is_held(path.stem) for path in folder().glob(f"{WORKER}*.lock"))


def bury_workers():
    """Remove the locks of workers that ended without a chance to do so."""
    for path in folder().glob(f"{WORKER}*.lock"):
        if not is_held(path.stem):
            path.unlink(missing_ok=True)


def _stand_path(pk):
    return folder() / f"batch-{pk}.json"


def _cancel_path(pk):
    return folder() / f"batch-{pk}.cancel"


def _read(path):
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _write(path, text):
    """In one step: a reader sees the old text or the new one."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text)
    os.replace(new, path)
