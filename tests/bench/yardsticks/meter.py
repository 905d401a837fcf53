"""What a piece of work costs in this process, its children and its PostgreSQL backend."""

import contextlib
import resource
import threading
import time
from pathlib import Path


class Meter:
    """`meter = Meter(backend_pid)`; work; `meter.read()` gives the CPU seconds since then.

    The backend's time is read from its CPU clock: 139 rows take hardly more than the ten milliseconds of a tick in
    /proc/PID/stat. Work that PostgreSQL does elsewhere (checkpoints, autovacuum) is not counted.
    """

    def __init__(self, backend=None):
        self.backend = backend
        self.start = self._now()

    def read(self):
        """{"cpu_s": all together, "own_s", "children_s", "backend_s", "wall_s"}."""
        own, children, backend, wall = (b - a for a, b in zip(self.start, self._now(), strict=True))
        return {
            "cpu_s": round(own + children + backend, 4),
            "own_s": round(own, 4),
            "children_s": round(children, 4),
            "backend_s": round(backend, 4),
            "wall_s": round(wall, 4),
        }

    def _now(self):
        return (
            _used(resource.RUSAGE_SELF),
            _used(resource.RUSAGE_CHILDREN),
            time.clock_gettime(_cpu_clock(self.backend)) if self.backend else 0.0,
            time.perf_counter(),
        )


def _cpu_clock(pid):
    """The CPU-time clock of another process, as Linux numbers it: clock_getcpuclockid(3)."""
    return (~pid << 3) | 2


def _used(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


class Peak:
    """The most memory, in MB above that at the start, that this process and its children hold at one time.

    A thread looks every few milliseconds: it costs CPU time, so memory is measured in runs of its own.
    """

    def __init__(self, seconds=0.004):
        self.seconds = seconds
        self.stop = threading.Event()

    def __enter__(self):
        # the kernel's own high-water mark of this process begins anew
        Path("/proc/self/clear_refs").write_text("5")
        self.idle = _resident("self")
        self.together = self.children = 0
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.stop.set()
        self.thread.join()
        self.own_mb = round((_resident("self", "VmHWM") - self.idle) / 1024, 1)
        self.children_mb = round(self.children / 1024, 1)
        self.together_mb = max(self.own_mb, round((self.together - self.idle) / 1024, 1))
        self.idle_mb = round(self.idle / 1024, 1)

    def _watch(self):
        while not self.stop.wait(self.seconds):
            children = sum(_resident(pid) for pid in _children())
            self.children = max(self.children, children)
            self.together = max(self.together, _resident("self") + children)


def _children():
    """Our children, less those that have not begun a program of their own yet and share our memory."""
    ours = Path("/proc/self/cmdline").read_bytes()
    found = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # threads and children come and go
            found += (task / "children").read_text().split()
    return [pid for pid in found if _command(pid) not in (b"", ours)]


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident(pid, key="VmRSS"):
    """Kilobytes; 0 for a process that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith(key + ":")), 0)
