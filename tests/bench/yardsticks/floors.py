"""The least work that still gives the answer, by hand, no framework; one floor per process, one line of JSON out.

    python -m tests.bench.yardsticks.floors read-calamine FILE.xlsx    # or read-openpyxl
    python -m tests.bench.yardsticks.floors validate N                 # check, dates and lists of each row
    python -m tests.bench.yardsticks.floors import-pg FILE fresh|keep  # or import-sqlite
    python -m tests.bench.yardsticks.floors export-pg xlsx|csv         # or export-sqlite

The import floors read the file with python-calamine, validate, resolve two foreign keys, compare with the table and
write what differs: into an empty table (fresh) or into what the last one left (keep). Nothing is kept of the file
and no history is written. The export floors write the table that an import floor left.
PostgreSQL is found through the PG* variables; SQLite is FLOOR_SQLITE, by default floor.sqlite3.
"""

import csv
import datetime as dt
import json
import os
import re
import sys

from tests.bench.yardsticks import gen_roster
from tests.bench.yardsticks.meter import Meter

COLUMNS = [
    "id_number",
    *(name for name in gen_roster.FIELDS if name not in ("id_number", "category", "body")),
    "category_id",
    "body_id",
]
TYPES = {"birth_date": "date", "joined_on": "date", "category_id": "bigint", "body_id": "bigint"}
LISTED = ", ".join(COLUMNS)
SETS = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "member_no")
CATEGORIES, STATUS, POLITICAL, EDUCATION, ETHNIC = map(
    set,
    (
        gen_roster.CATEGORIES,
        gen_roster.STATUS,
        gen_roster.POLITICAL,
        gen_roster.EDUCATION,
        gen_roster.ETHNIC,
    ),
)
PHONE = re.compile(r"1[3-9]\d{9}").fullmatch


def table(name, *, kind="", key=""):
    unique = " unique" if key else ""
    columns = [
        f"{column} {TYPES.get(column, 'text')}{unique if column == 'member_no' else ''}" for column in COLUMNS
    ]
    return f"create {kind} table {name} ({', '.join([*([key] if key else []), *columns])})"


def id_ok(number):
    if len(number) != 18 or not number[:17].isdigit():
        return False
    return gen_roster.check_digit(number[:17]) == number[17] and "01" <= number[10:12] <= "12"


def as_date(value):
    if type(value) is dt.date:
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    return dt.date.fromisoformat(value)


def check(rows):
    """How many rows are not as they should be."""
    bad = 0
    for row in rows:
        birth, joined = as_date(row[4]), as_date(row[17])
        bad += not (
            id_ok(row[3])
            and PHONE(row[13])
            and row[1]
            and row[9] in CATEGORIES
            and row[18] in STATUS
            and row[7] in POLITICAL
            and row[8] in EDUCATION
            and row[5] in ETHNIC
            and birth.strftime("%Y%m%d") == row[3][6:14]
            and joined >= birth
        )
    return bad


def keyed(rows):
    """The rows in the order of COLUMNS, with keys in place of names of categories and bodies."""
    categories = {name: i for i, name in enumerate(gen_roster.CATEGORIES, 1)}
    branches = {name: i for i, name in enumerate(gen_roster.bodies(len(rows)), 1)}
    return [
        (row[3], *row[:3], *row[4:9], *row[11:], categories.get(row[9]), branches[row[10]]) for row in rows
    ]


def connect_postgres(fresh):
    import psycopg

    connection = psycopg.connect("")
    if fresh:
        connection.execute("drop table if exists floor_member")
        connection.execute(table("floor_member", key="id bigint generated always as identity primary key"))
        connection.execute("create index on floor_member (id_number)")
        connection.commit()
    return connection, connection.info.backend_pid


def upsert_postgres(connection, rows):
    cursor = connection.cursor()
    cursor.execute(table("stage", kind="temp"))
    with cursor.copy(f"copy stage ({LISTED}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("analyze stage")
    cursor.execute(_upsert("is distinct from"))
    connection.commit()
    return cursor.rowcount


def connect_sqlite(fresh):
    import sqlite3

    path = os.environ.get("FLOOR_SQLITE", "floor.sqlite3")
    if fresh:
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(path + ending):
                os.remove(path + ending)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "pragma journal_mode=wal; pragma synchronous=normal; pragma cache_size=-65536; pragma temp_store=memory"
    )
    if fresh:
        connection.execute(table("floor_member", key="id integer primary key"))
        connection.execute("create index by_id_number on floor_member (id_number)")
    sqlite3.register_adapter(dt.date, dt.date.isoformat)
    return connection, None


def upsert_sqlite(connection, rows):
    connection.execute("begin immediate")
    connection.execute(table("stage", kind="temp"))
    places = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"insert into stage ({LISTED}) values ({places})", rows)
    before = connection.total_changes
    connection.execute(_upsert("is not"))
    written = connection.total_changes - before
    connection.execute("commit")
    return written


def _upsert(differs):
    differences = " or ".join(f"m.{name} {differs} s.{name}" for name in COLUMNS)
    return (
        f"insert into floor_member ({LISTED}) select {', '.join('s.' + name for name in COLUMNS)} from stage s "
        f"left join floor_member m on m.member_no = s.member_no where m.id is null or {differences} "
        f"on conflict (member_no) do update set {SETS}"
    )


def import_file(kind, path, which):
    from python_calamine import CalamineWorkbook

    connect, upsert = {
        "pg": (connect_postgres, upsert_postgres),
        "sqlite": (connect_sqlite, upsert_sqlite),
    }[kind]
    connection, backend = connect(which == "fresh")
    meter = Meter(backend)
    found = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    next(found)
    rows = [tuple(row) for row in found]
    read = meter.read()["cpu_s"]
    bad = check(rows)
    rows = keyed(rows)
    checked = meter.read()["cpu_s"]
    written = upsert(connection, rows)
    return meter.read() | {
        "read_s": read,
        "check_s": round(checked - read, 4),
        "bad": bad,
        "written": written,
    }


def read_file(how, path):
    if how == "calamine":
        from python_calamine import CalamineWorkbook

        meter = Meter()
        n = sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())
    else:
        import openpyxl

        meter = Meter()
        n = sum(1 for _ in openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True))
    return meter.read() | {"rows": n}


def validate(n):
    rows = [tuple(row) for row in gen_roster.rows(n)]
    meter = Meter()
    return {"bad": check(rows)} | meter.read()


def export(kind, ending):
    connection, backend = {"pg": connect_postgres, "sqlite": connect_sqlite}[kind](False)
    out = os.environ.get("FLOOR_EXPORT", "floor-export.") + ending
    names = [name for name in COLUMNS if name not in ("category_id", "body_id")]
    select = (
        f"select {', '.join('m.' + name for name in names)}, c.name, b.name from floor_member m "
        "join floor_category c on c.id = m.category_id join floor_body b on b.id = m.body_id order by member_no"
    )
    _name_keys(connection, kind)
    if ending == "xlsx":
        from rustpy_xlsxwriter import write_worksheet
    meter = Meter(backend)
    if kind == "pg":
        cursor = connection.cursor(name="export")
        cursor.itersize = 2000
        found = cursor.execute(select)
    else:
        found = connection.execute(select)
    header = [*names, "category", "body"]
    if ending == "csv":
        with open(out, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(found)
    else:
        write_worksheet(({k: v or "" for k, v in zip(header, row, strict=True)} for row in found), out)
    return meter.read() | {"bytes": os.path.getsize(out)}


def _name_keys(connection, kind):
    place = "%s" if kind == "pg" else "?"
    cursor = connection.cursor()
    for name, words in (("category", gen_roster.CATEGORIES), ("body", gen_roster.bodies(10**6))):
        cursor.execute(f"create temp table floor_{name} (id integer primary key, name text)")
        cursor.executemany(f"insert into floor_{name} values ({place}, {place})", enumerate(words, 1))


def main():
    what, *args = sys.argv[1:]
    kind = what.partition("-")[2]
    if what.startswith("read-"):
        result = read_file(kind, args[0])
    elif what == "validate":
        result = validate(int(args[0]))
    elif what.startswith("import-"):
        result = import_file(kind, *args)
    elif what.startswith("export-"):
        result = export(kind, args[0])
    else:
        raise SystemExit(__doc__)
    print(json.dumps({"floor": what, **result}))


if __name__ == "__main__":
    main()
