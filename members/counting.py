"""Triggers that keep `MemberCount`: every road into the table of members counts, COPY and `update()` included.

They are not made in a migration but put back after each run of migrations, and the members counted anew, since
migrations on SQLite remake a table to change it, which loses its triggers without a word.

SQLite has one writer at a time, so row triggers add to the one row of each kind. On PostgreSQL that row would hold up
everybody who saves a member while an import is being written, and two who touch two of them in different order would
lock each other out. There a statement only ever adds rows, +n and -n, one of each kind it touched; one statement in
`FOLD_EVERY` or so sums up those of its association. It leaves out rows that somebody else is summing up: nobody waits.
"""

from django.db import connections, transaction

MEMBERS, COUNTS = "members_member", "members_membercount"
# Columns of MemberCount by the expressions they count, `{0}` the row of a member
KEYS = {
    "association_id": "{0}.association_id",
    "category": "{0}.category",
    "status": "{0}.status",
    "has_mobile": "({0}.mobile <> '')",
    "joined_year": "SUBSTR({0}.joined, 1, 4)",
}
COLUMNS = ", ".join(KEYS)
FOLD_EVERY = 64
TRIGGERS = ("members_counted_insert", "members_counted_update", "members_counted_delete")


def _of(row):
    """The expressions counted, of the member in the row named `row`."""
    return ", ".join(expression.format(row) for expression in KEYS.values())


def _counted(rows, sign=""):
    return f"SELECT {_of(rows)}, {sign}COUNT(*) FROM {rows} GROUP BY {_of(rows)}"


_MOVED = f"""
    SELECT {COLUMNS}, SUM(change) FROM (
      SELECT {_of("added")}, 1 FROM added UNION ALL SELECT {_of("removed")}, -1 FROM removed
    ) AS moved ({COLUMNS}, change)
    GROUP BY {COLUMNS} HAVING SUM(change) <> 0
"""

POSTGRESQL = [
    f"""
    CREATE OR REPLACE FUNCTION members_count() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      written bigint;
      last bigint;
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO {COUNTS} ({COLUMNS}, n) {_counted("added")};
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {COUNTS} ({COLUMNS}, n) {_counted("removed", "-")};
      ELSE
        INSERT INTO {COUNTS} ({COLUMNS}, n) {_MOVED};
      END IF;
      GET DIAGNOSTICS written = ROW_COUNT;
      IF written = 0 THEN
        RETURN NULL;
      END IF;
      last := currval(pg_get_serial_sequence('{COUNTS}', 'id'));
      IF last % {FOLD_EVERY} < written THEN
        WITH folded AS (
          DELETE FROM {COUNTS} WHERE id IN (
            SELECT id FROM {COUNTS}
            WHERE association_id = (SELECT association_id FROM {COUNTS} WHERE id = last)
            FOR UPDATE SKIP LOCKED
          ) RETURNING {COLUMNS}, n
        )
        INSERT INTO {COUNTS} ({COLUMNS}, n)
        SELECT {COLUMNS}, SUM(n) FROM folded GROUP BY {COLUMNS} HAVING SUM(n) <> 0;
      END IF;
      RETURN NULL;
    END $$
    """,
    *(
        f"CREATE TRIGGER {name} AFTER {event} ON {MEMBERS} REFERENCING {rows} "
        "FOR EACH STATEMENT EXECUTE FUNCTION members_count()"
        for name, event, rows in zip(
            TRIGGERS,
            ("INSERT", "UPDATE", "DELETE"),
            ("NEW TABLE AS added", "NEW TABLE AS added OLD TABLE AS removed", "OLD TABLE AS removed"),
            strict=True,
        )
    ),
]

_ADD = f"""
    UPDATE {COUNTS} SET n = n + 1 WHERE ({COLUMNS}) = ({_of("NEW")});
    INSERT INTO {COUNTS} ({COLUMNS}, n) SELECT {_of("NEW")}, 1 WHERE changes() = 0;
"""
_TAKE_AWAY = f"UPDATE {COUNTS} SET n = n - 1 WHERE ({COLUMNS}) = ({_of('OLD')});"

SQLITE = [
    f"CREATE TRIGGER {TRIGGERS[0]} AFTER INSERT ON {MEMBERS} BEGIN {_ADD} END",
    f"""
    CREATE TRIGGER {TRIGGERS[1]} AFTER UPDATE OF association_id, category, status, mobile, joined ON {MEMBERS}
    WHEN ({_of("OLD")}) IS NOT ({_of("NEW")}) BEGIN {_TAKE_AWAY} {_ADD} END
    """,
    f"CREATE TRIGGER {TRIGGERS[2]} AFTER DELETE ON {MEMBERS} BEGIN {_TAKE_AWAY} END",
]


def remove_triggers(using, plan, **kwargs):
    """Before migrations run: away with the triggers, which would be in the way of changes to the tables."""
    connection = connections[using]
    if plan:
        with transaction.atomic(using), connection.cursor() as cursor:
            _drop(connection, cursor)


def ensure_triggers(using, **kwargs):
    """After migrations ran: make the triggers if they are not there, and count."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if COUNTS not in connection.introspection.table_names(cursor) or _has_triggers(connection, cursor):
            return
        _drop(connection, cursor)
        # before counting: on PostgreSQL this keeps writers away until the transaction ends
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
        cursor.execute(f"DELETE FROM {COUNTS}")
        cursor.execute(f"INSERT INTO {COUNTS} ({COLUMNS}, n) {_counted(MEMBERS)}")


def _drop(connection, cursor):
    on_table = f" ON {MEMBERS}" if connection.vendor == "postgresql" else ""
    for name in TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
    if connection.vendor == "postgresql":
        cursor.execute("DROP FUNCTION IF EXISTS members_count()")


def _has_triggers(connection, cursor):
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT COUNT(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname IN (%s, %s, %s)",
            [MEMBERS, *TRIGGERS],
        )
    else:
        cursor.execute(
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s, %s)", TRIGGERS
        )
    return cursor.fetchone()[0] == len(TRIGGERS)
