"""Keeps one command running beside the site: ``python -m config.keeping COMMAND …``.

Started again when it ends, ended when our standard input is closed: when whoever started us ends, however that may be.
"""

import subprocess
import sys
import threading

PAUSE = 1
"""Seconds before an ended command is started again; the pause doubles while it ends at once, to a minute."""
LONGEST_PAUSE = 60
GRACE = 10
"""Seconds in which the command may end by itself."""


def main(command):
    is_over = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=[is_over], daemon=True).start()
    pause = PAUSE
    while not is_over.is_set():
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 (what we were started with)
        waited = 0
        while child.poll() is None and not is_over.wait(0.2):
            waited += 0.2
        if is_over.is_set():
            _stop(child)
            return
        pause = PAUSE if waited > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        is_over.wait(pause)


def _wait_for_the_end(is_over):
    sys.stdin.buffer.read()
    is_over.set()


def _stop(child):
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()  # what it was at is rolled back, and told to whoever asked for it
        child.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
