"""Lookups of our own."""

import json

from django.db import models


@models.BigAutoField.register_lookup
@models.CharField.register_lookup
class Listed(models.Lookup):
    """``name__listed={…}``: as ``__in``, with the whole set as one parameter.

    Django's ``__in`` builds an expression for each value, ten thousand of them for a large file; so it does with the
    values of a list or tuple in any lookup.
    """

    lookup_name = "listed"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, sorted(self.rhs)]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        listed = json.dumps(sorted(self.rhs), ensure_ascii=False)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, listed]


@models.BigAutoField.register_lookup
@models.ForeignKey.register_lookup
class Among(models.Lookup):
    """``pk__among=[queryset, …]``: as ``__in`` their union; each gives one column and looks at no outer row.

    PostgreSQL answers the querysets first and then looks the rows up, as SQLite does anyway. Left to itself it may
    walk the table in the order of a list and compare each row.
    """

    lookup_name = "among"
    prepare_rhs = False

    def _union(self, connection):
        queries = [query.clone() for query in self.rhs]
        for query in queries:
            query.clear_ordering(force=True)
        found = [query.get_compiler(connection=connection).as_sql() for query in queries]
        return " UNION ALL ".join(sql for sql, _ in found), [param for _, params in found for param in params]

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        union, union_params = self._union(connection)
        return f"{column} = ANY(ARRAY({union}))", [*params, *union_params]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        union, union_params = self._union(connection)
        return f"{column} IN ({union})", [*params, *union_params]
