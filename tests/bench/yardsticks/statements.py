"""Counting what is sent to the database."""

import contextlib

from django.db import connection


class Statements(contextlib.ExitStack):
    """`with Statements() as statements: …; statements.count`.

    A COPY counts once and so does an `executemany`, however many rows they carry.
    """

    def __enter__(self):
        super().__enter__()
        self.count, self.seen = 0, []
        self.enter_context(connection.execute_wrapper(self._execute))
        if connection.vendor == "postgresql":
            # COPY goes past Django's wrappers
            from django.db.backends.postgresql.base import Cursor

            copy = Cursor.copy

            def counted(cursor, statement, *args, **kwargs):
                self._note(statement)
                return copy(cursor, statement, *args, **kwargs)

            Cursor.copy = counted
            self.callback(setattr, Cursor, "copy", copy)
        return self

    def _execute(self, execute, sql, params, many, context):
        self._note(sql)
        return execute(sql, params, many, context)

    def _note(self, sql):
        self.count += 1
        self.seen.append(str(sql))
