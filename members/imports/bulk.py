"""Many rows at once, past the ORM: COPY on PostgreSQL, statements of many rows on SQLite.

`bulk_create` and `bulk_update` build expressions for every value of every row, which costs more than all the rest
of an import together. Values come as the database driver takes them: text, numbers, None, bytes, JSON as text;
moments through `moment`. The caller owns the transaction.
"""

import contextlib
import gc
import itertools

from django.db import connection

# SQLite takes 32 766 values in one statement; a third of that is quick enough and works with older builds
VALUES_A_STATEMENT = 9_000
ROWS_THAT_MATTER = 1_000


def reserve_ids(model, count):
    """`count` fresh primary keys of `model`, ascending; never handed out to anybody else.

    On SQLite the caller's transaction must hold the write lock already (`transaction_mode` IMMEDIATE gives it).
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return list(range(first, first + count))


def moment(value):
    """An aware datetime as the driver takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def insert(model, attnames, rows):
    """Insert `rows`, any iterable of tuples in the order of `attnames` (column attributes of `model`)."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(_column(model, name)) for name in attnames)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # the driver's own call: a constraint broken has to come as Django's error
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            # several rows a statement: SQLite sets up the checks of a table once a statement
            at_once = max(1, VALUES_A_STATEMENT // len(attnames))
            row_places = f"({', '.join('?' * len(attnames))})"
            # the driver's own cursor: Django would search each statement for %s, all of its kilobytes
            with connection.wrap_database_errors:
                rows = iter(rows)
                while part := list(itertools.islice(rows, at_once)):
                    places = ", ".join([row_places] * len(part))
                    connection.connection.execute(
                        f"INSERT INTO {table} ({columns}) VALUES {places}",
                        [value for row in part for value in row],
                    )


def take_stock(model, added):
    """Let the database look at the table of `model` after `added` rows came in, if these are many.

    Plans made while it was small would walk all of it: for every row that refers to it on PostgreSQL, for every
    page of a list on SQLite.
    """
    if added < ROWS_THAT_MATTER:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # the key alone, which is what others refer to; autovacuum looks at the other columns in its time
            cursor.execute(f"ANALYZE {table} ({quote(model._meta.pk.column)})")
        else:
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute(f"ANALYZE {table}")


def update(model, attnames, rows):
    """Update `rows`, tuples of the primary key and then the values of `attnames`."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    columns = [quote(_column(model, name)) for name in attnames]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            listed = ", ".join([key, *columns])
            cursor.execute(
                f"CREATE TEMP TABLE bulk_stage ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA"
            )
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY bulk_stage ({listed}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            sets = ", ".join(f"{column} = bulk_stage.{column}" for column in columns)
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM bulk_stage WHERE {table}.{key} = bulk_stage.{key}"
            )
            cursor.execute("DROP TABLE bulk_stage")
        else:
            sets = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE {key} = %s",
                [(*row[1:], row[0]) for row in rows],
            )


def _column(model, attname):
    return next(field.column for field in model._meta.concrete_fields if field.attname == attname)


@contextlib.contextmanager
def without_collection():
    """Python's cycle collector rests: it would walk the growing rows again and again and find nothing.

    What has no cycles is freed all the same. Nested and parallel uses end with the collector on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
