"""How long others wait while a large roster is imported: sign-in and saving a member, on SQLite, over live HTTP.

    python -m tests.bench.while_importing
    python -m tests.bench.while_importing --rows 10000 --imports 3

The server is the one `manage.py start` runs. SQLite lets one transaction write at a time, so this is where an import
could hold up everybody; PostgreSQL is there for comparison (--database pg).
"""

import argparse
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error

from tests.bench.browser import Browser
from tests.bench.harness import DATABASES, PASSWORD, ROOT, SECRETARY, Workplace, print_table
from tests.bench.yardsticks import gen_roster

LONGEST_WAIT = 3  # seconds
MEMBERS = 200
IN_HAND = 'id="work"'  # on the page of what the worker has in hand
PAUSE = 0.05
SIGN_INS_APART = 2.5  # seconds: the site takes 30 a minute from one address


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--imports", type=int, default=2)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    args = parser.parse_args()
    with Workplace() as place:
        env = place.site(args.database, "ours")
        place.create(args.database, "ours")
        place.measure("ours", "setup", env=env)
        place.measure("ours", "fill", MEMBERS, env=env)
        files = [place.folder / f"{number}.xlsx" for number in range(args.imports)]
        for number, file in enumerate(files):
            people = list(gen_roster.rows(args.rows, seed=100 + number))
            for row in people:
                row[0] = f"I{number}{row[0]}"
            gen_roster.write_xlsx(str(file), people)
        with Server(place, env) as address:
            report(args, watch(address, files))


class Server:
    """The site on a free port of this machine; the value is its address."""

    def __init__(self, place, env):
        self.place, self.env = place, env

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "tests.bench.ours", "serve", str(port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.place.clean_environment() | self.env)
        address = f"http://127.0.0.1:{port}/"
        for _ in range(200):
            try:
                Browser(address).open("health/")
                return address
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise SystemExit("the server does not answer")

    def __exit__(self, *exc):
        self.process.terminate()
        self.process.wait()


def wait_for_worker(browser, over):
    """Look at the page of a large import now and then until the worker is done with it."""
    while IN_HAND in browser.text and not over.wait(0.5):
        browser.open(browser.url)
    if "/apply/" not in browser.text and "/undo/" not in browser.text:
        raise SystemExit("the import failed")


def watch(address, files):
    """{what: [(start, seconds)]} of the others' requests, and the (start, end) of each import, in one clock."""
    waits = {"sign in": [], "save a member": [], "open the list": []}
    over = threading.Event()

    def timed(what, work):
        start = time.perf_counter()
        work()
        waits[what].append((start, time.perf_counter() - start))

    def sign_in(browser):
        browser.open("accounts/login/")
        timed("sign in", lambda: browser.submit("login", login=SECRETARY, password=PASSWORD))
        if "accounts/login" in browser.url:
            raise SystemExit("sign-in refused")

    def newcomer():
        while not over.wait(SIGN_INS_APART):
            sign_in(Browser(address))

    def clerk():
        browser, number = Browser(address), 0
        sign_in(browser)
        while not over.wait(PAUSE):
            number += 1
            timed("open the list", lambda: browser.open("admin/members/member/"))
            browser.open(f"admin/members/member/{number % MEMBERS + 1}/change/")
            note = f"note {number}"
            timed("save a member", lambda note=note: browser.submit("remarks", button="_save", remarks=note))
            if "/change/" in browser.url:
                raise SystemExit("the member was not saved")

    failures = []

    def guarded(work):
        try:
            work()
        except BaseException as error:
            failures.append(error)
            over.set()

    others = [threading.Thread(target=guarded, args=[work]) for work in (newcomer, clerk)]
    importer = Browser(address)
    sign_in(importer)
    for other in others:
        other.start()
    time.sleep(5)  # how it is without an import
    imports = []
    for file in files:
        importer.open("members/import/")
        start = time.perf_counter()
        importer.submit("association", files={"file": file})
        wait_for_worker(importer, over)
        previewed = time.perf_counter()
        importer.submit("/apply/")
        wait_for_worker(importer, over)
        imports.append((start, previewed, time.perf_counter()))
        over.wait(3)
    over.set()
    for other in others:
        other.join()
    if failures:
        raise failures[0]
    return waits, imports


def report(args, found):
    waits, imports = found
    lines, longest = [], 0
    for what, taken in waits.items():
        during, otherwise = [], []
        for start, seconds in taken:
            is_during = any(start < end and begin < start + seconds for begin, _, end in imports)
            (during if is_during else otherwise).append(seconds)
        longest = max(longest, *during)
        lines.append(
            [
                what,
                len(otherwise),
                statistics.median(otherwise) if otherwise else None,
                len(during),
                statistics.median(during),
                max(during),
            ]
        )
    header = ["request", "otherwise", "median s", "during an import", "median s", "longest s"]
    print_table(f"Waits while {args.rows:,} rows are imported, {args.database}", header, lines)
    took = ", ".join(
        f"{previewed - begin:.1f} + {end - previewed:.1f} s" for begin, previewed, end in imports
    )
    print(f"\nThe imports took (preview + apply): {took}")
    print(
        f"{'met   ' if longest <= LONGEST_WAIT else 'MISSED'} longest wait {longest:.2f} s ≤ {LONGEST_WAIT} s"
    )


if __name__ == "__main__":
    main()
