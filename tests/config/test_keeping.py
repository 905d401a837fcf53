"""The command that is kept running beside the site."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed here")

# notes its number and waits
KEPT = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'a'), flush=True); time.sleep(600)"


@pytest.fixture
def notes(tmp_path):
    return tmp_path / "pids"


@pytest.fixture
def keeper(notes):
    process = subprocess.Popen(
        [sys.executable, "-m", "config.keeping", sys.executable, "-c", KEPT, str(notes)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
    )
    yield process
    process.stdin.close()
    process.wait(30)


def pids(notes, count):
    """The processes started so far, when there are so many."""
    until = time.monotonic() + 30
    while True:
        found = notes.read_text().split() if notes.exists() else []
        if len(found) >= count:
            return [int(pid) for pid in found]
        assert time.monotonic() < until
        time.sleep(0.05)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_command_that_was_killed_is_started_again(keeper, notes):
    [first] = pids(notes, 1)

    os.kill(first, signal.SIGKILL)

    assert len(pids(notes, 2)) == 2
    assert not is_alive(first)


def test_the_command_ends_with_whoever_keeps_it(keeper, notes):
    [pid] = pids(notes, 1)

    keeper.stdin.close()
    keeper.wait(30)

    assert not is_alive(pid)
