"""Many rows at once, past the ORM: COPY on PostgreSQL, `executemany` on SQLite.

`bulk_create` and `bulk_update` build expressions for every value of every row, which costs more than all the rest
of an import together. Values come as the database driver takes them: text, numbers, None, bytes, JSON as text;
moments through `moment`. The caller owns the transaction.
"""

from django.db import connection


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
    """Insert `rows`, tuples in the order of `attnames` (column attributes of `model`)."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(_column(model, name)) for name in attnames)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(attnames))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


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
            with cursor.copy(f"COPY bulk_stage ({listed}) FROM STDIN") as copy:
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
