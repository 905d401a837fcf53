"""A lock that many may hold at once: a row stays as it is while something else is written because of it."""

from django.db import connection


def keep_as_it_is(row):
    """Until the transaction ends nobody changes `row`, or takes it for changing; others may keep it so as well.

    Where many come through a door at once they do not wait for each other. SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [row.pk])  # noqa: S608 (our own table's name)
