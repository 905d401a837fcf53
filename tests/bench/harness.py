"""What the benchmarks share: a place to work, databases made for the run, one process per measurement, tables."""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
KEYS = {
    "SECRET_KEY": "for a benchmark only, nothing is secret here",
    "FIELD_KEYS": "1:" + "A" * 43 + "=",
    "DIGEST_KEY": "A" * 43 + "=",
}
DATABASES = ("sqlite", "pg")
SECRETARY, PASSWORD = "secretary@example.org", "correct horse battery"


class Workplace(contextlib.ExitStack):
    """A temporary folder and, on PostgreSQL, databases whose names begin with this run's; all gone at the end."""

    def __enter__(self):
        super().__enter__()
        self.folder = Path(self.enter_context(tempfile.TemporaryDirectory(prefix="registry-bench-")))
        self.prefix = f"bench_{os.getpid()}_"
        self.made = set()
        self.callback(self._drop)
        return self

    def database(self, kind, name):
        """The address of the database `name`."""
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        return urlsplit(POSTGRES)._replace(path=f"/{self.prefix}{name}").geturl()

    def create(self, kind, name, *, template=None):
        """Make the database `name`, empty or as a copy of `template`, in place of an older one; return its address."""
        if kind == "sqlite":
            for ending in ("", "-wal", "-shm"):
                (self.folder / f"{name}.sqlite3{ending}").unlink(missing_ok=True)
            if template:
                shutil.copy(self.folder / f"{template}.sqlite3", self.folder / f"{name}.sqlite3")
        else:
            copied = f' TEMPLATE "{self.prefix}{template}"' if template else ""
            self._administer(f'DROP DATABASE IF EXISTS "{self.prefix}{name}" WITH (FORCE)')
            self._administer(f'CREATE DATABASE "{self.prefix}{name}"{copied}')
            self.made.add(name)
        return self.database(kind, name)

    def _drop(self):
        for name in self.made:
            self._administer(f'DROP DATABASE IF EXISTS "{self.prefix}{name}" WITH (FORCE)')

    def _administer(self, statement):
        import psycopg

        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(statement)

    def site(self, kind, name):
        """Environment in which our site runs on the database `name`."""
        return KEYS | {
            "DATABASE_URL": self.database(kind, name),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "REGISTRY_LOCAL": "1",
            "PRIVATE_ROOT": str(self.folder / "private"),
            "STATIC_ROOT": str(self.folder),
            "ROSTER_MAX_ROWS": "200000",
            "ROSTER_MAX_BYTES": str(100 * 2**20),
            "ROSTER_MAX_UNPACKED": str(2**30),
            "LOG_LEVEL": "WARNING",
        }

    def yardstick(self, kind, name):
        """Environment in which the stock project and the floors run on the database `name`."""
        address = urlsplit(self.database(kind, name))
        if kind == "sqlite":
            path = str(self.folder / f"{name}.sqlite3")
            return {"STOCK_DB": "sqlite", "STOCK_SQLITE": path, "FLOOR_SQLITE": path}
        variables = {
            "PGHOST": address.hostname,
            "PGPORT": str(address.port or 5432),
            "PGUSER": address.username,
            "PGPASSWORD": address.password,
            "PGDATABASE": address.path.lstrip("/"),
        }
        return {"STOCK_DB": "pg"} | {key: value for key, value in variables.items() if value}

    @staticmethod
    def clean_environment():
        """What of our environment concerns the programs we start."""
        return {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "TMPDIR")}

    def measure(self, module, *args, env):
        """Run `python -m tests.bench.MODULE ARGS`; the object in its last line of output."""
        command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, args)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.clean_environment() | env, stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}")
        return json.loads(done.stdout.splitlines()[-1])


def median(results, key):
    """The median of `key` over `results`, or None."""
    found = [result[key] for result in results if key in result]
    return statistics.median(found) if found else None


def ratio(a, b):
    return a / b if a is not None and b else None


def show(value, digits=2):
    if value is None:
        return "–"
    return (
        value
        if isinstance(value, str)
        else f"{value:,.{digits}f}"
        if isinstance(value, float)
        else f"{value:,}"
    )


def print_table(title, header, rows):
    """A Markdown table, aligned for reading in a terminal too."""
    lines = [[show(cell) for cell in row] for row in [header, *rows]]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(header))]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        print(
            "| "
            + " | ".join(cell + " " * (w - _width(cell)) for cell, w in zip(line, widths, strict=True))
            + " |"
        )
        if not number:
            print("|" + "|".join("-" * (w + 2) for w in widths) + "|")


def _width(text):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def options(description):
    """A parser of a benchmark's options; all of those that compare databases have `--databases`."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    return parser


def sizes(description):
    """The same for those that look at registers of several sizes."""
    parser = options(description)
    parser.add_argument("--members", type=int, nargs="+", default=[139, 10_000, 100_000])
    return parser


def look_at_sizes(name, description, *, fill, look, report):
    """Be the benchmark `name`: fill a register of each size, look at it, report {members: what was seen}.

    `fill` and `look` run in processes of their own, with Django set up, and return what becomes JSON.
    """
    parser = sizes(description)
    parser.add_argument("--step", choices=["fill", "look"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        import django

        django.setup()
        print(json.dumps(fill(args.members[0]) if args.step == "fill" else look()))
        return
    with Workplace() as place:
        for kind in args.databases:
            place.create(kind, "template")
            place.measure("ours", "setup", env=place.site(kind, "template"))
            found = {}
            for members in args.members:
                place.create(kind, "ours", template="template")
                env = place.site(kind, "ours")
                place.measure(name, "--step", "fill", "--members", members, env=env)
                found[members] = place.measure(name, "--step", "look", env=env)
            report(kind, found)
