"""The index behind the search: what of a row is in it, how the database keeps it, how it is asked.

The texts of a row are cut into pieces of three characters, one from each place, the end padded; pieces of telephone
numbers are marked, since fewer people may search them. PostgreSQL keeps a GIN index of the pieces, SQLite an FTS5
table written by triggers: both follow every write, also those past the ORM and by other programs.

The index is made of the rows alone, so its definition stands here once, for the migration that makes it and for
`restore`. Who changes it writes a migration that removes and installs it.
"""

from dataclasses import dataclass

from django.db import connections, transaction
from django.db.models import BooleanField, Func, Value

LENGTH = 3
PAD = "|"
# more pieces of one text than these cost more than they sort out
MOST_PIECES = 8
# in PostgreSQL the digits of a telephone number stand as capitals, which no other piece has
DIGITS, CAPITALS = "0123456789", "ABCDEFGHIJ"
# SQLite: places in a text; the searched columns of a row are shorter together
PLACES = 1_024


@dataclass(frozen=True)
class Index:
    """The index of one table: `texts` and `phones` are the columns in it."""

    table: str
    texts: tuple
    phones: tuple = ()

    @property
    def name(self):
        return f"{self.table}_pieces"

    def proposes(self, vendor, texts, phones=()):
        """A condition true for every row with one of the folded `texts` in its texts or of `phones` in its phones.

        It is true for some other rows too: the pieces of a text may stand apart.
        """
        if vendor == "postgresql":
            return _Proposed(
                self, " | ".join([*map(_tsquery, texts), *(_tsquery(_capitals(p)) for p in phones)])
            )
        return _Proposed(self, " OR ".join([*map(_match, texts), *(_match(p, "x") for p in phones)]))

    def joined(self, columns, row):
        """SQL of the texts of `columns` in one text; `row` is an alias, or the beginning of a name in a trigger."""
        return f" || '{PAD}' || ".join(f'{row}."{column}"' for column in columns) or "''"

    def postgresql_arguments(self, row):
        return f"{self.joined(self.texts, row)}, {self.joined(self.phones, row)}"

    def sqlite_pieces(self, row):
        """SQL of the pieces, each in hexadecimal so that the tokenizer leaves it alone."""
        text = f"lower(replace(replace({self.joined(self.texts, row)}, ' ', ''), '·', '')) || '{PAD * 2}'"
        pieces = _sqlite_cut(text, "")
        if self.phones:
            phones = f"replace(replace({self.joined(self.phones, row)}, ' ', ''), '-', '') || '{PAD * 2}'"
            pieces += f" || ' ' || {_sqlite_cut(phones, 'x')}"
        return pieces


MEMBERS = Index("members_member", ("name", "number", "pinyin", "initials"), ("mobile", "second_mobile"))
EMPLOYERS = Index("members_employer", ("name",))
ALL = (MEMBERS, EMPLOYERS)


class _Proposed(Func):
    """Whether the row is among those that `question` finds in `index`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, index, question):
        super().__init__("pk", Value(question))
        self.index = index

    def as_postgresql(self, compiler, connection):
        key, question = self.get_source_expressions()
        sql, params = compiler.compile(question)
        arguments = self.index.postgresql_arguments(compiler.quote_name_unless_alias(key.alias))
        return f"members_pieces({arguments}) @@ {sql}::tsquery", params

    def as_sqlite(self, compiler, connection):
        key, question = self.get_source_expressions()
        (column, _), (sql, params) = compiler.compile(key), compiler.compile(question)
        name = self.index.name
        return f"{column} IN (SELECT rowid FROM {name} WHERE {name} MATCH {sql})", params


def _pieces(text):
    """([pieces], whether they are only beginnings of pieces) that every row has in whose text `text` stands."""
    if len(text) < LENGTH:
        return [text], True
    last = len(text) - LENGTH
    step = max(1, -(-last // (MOST_PIECES - 1)))
    return [text[i : i + LENGTH] for i in sorted({*range(0, last, step), last})], False


def _tsquery(text):
    pieces, beginnings = _pieces(text)
    quoted = ("'" + piece.replace("\\", "\\\\").replace("'", "''") + "'" for piece in pieces)
    return "(" + " & ".join(piece + (":*" if beginnings else "") for piece in quoted) + ")"


def _capitals(digits):
    return digits.translate(str.maketrans(DIGITS, CAPITALS))


def _match(text, mark=""):
    pieces, beginnings = _pieces(text)
    quoted = (f'"{mark}{piece.encode().hex()}"' for piece in pieces)
    return "(" + " AND ".join(piece + ("*" if beginnings else "") for piece in quoted) + ")"


def _sqlite_cut(text, mark):
    return (
        f"(SELECT group_concat('{mark}' || hex(substr(line.whole, place.id, {LENGTH})), ' ')"
        f" FROM (SELECT {text} AS whole) line JOIN members_place place ON place.id <= length(line.whole) - 2)"
    )


POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION members_pieces(texts text, phones text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1 AS $$
DECLARE
    line text := lower(replace(replace(texts, ' ', ''), '·', '') COLLATE "C") || '{PAD}'
        || translate(replace(replace(phones, ' ', ''), '-', ''), '{DIGITS}', '{CAPITALS}') || '{PAD * 2}';
BEGIN
    -- cut in threes from the first, the second and the third place on: much quicker than piece by piece
    RETURN array_to_tsvector(array_remove(string_to_array(
        regexp_replace(line, '(...)', E'\\\\1\\x01', 'g')
        || E'\\x01' || regexp_replace(substr(line, 2), '(...)', E'\\\\1\\x01', 'g')
        || E'\\x01' || regexp_replace(substr(line, 3), '(...)', E'\\\\1\\x01', 'g'), E'\\x01'), ''));
END
$$
"""


def install(connection):
    """Make the index of the rows that are there and have the database keep it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
            for index in ALL:
                arguments = index.postgresql_arguments(index.table)
                cursor.execute(
                    f"CREATE INDEX {index.name} ON {index.table} USING gin (members_pieces({arguments}))"
                )
        else:
            cursor.execute("CREATE TABLE members_place (id integer PRIMARY KEY)")
            cursor.executemany("INSERT INTO members_place VALUES (%s)", [(i,) for i in range(1, PLACES + 1)])
            for index in ALL:
                cursor.execute(
                    f"CREATE VIRTUAL TABLE {index.name} USING fts5"
                    "(pieces, content='', detail=none, columnsize=0, tokenize='ascii')"
                )
    restore(connection)


def remove(connection):
    with connection.cursor() as cursor:
        for index in ALL:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP INDEX {index.name}")
            else:
                for event in _EVENTS:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {index.name}_{event}")
                cursor.execute(f"DROP TABLE {index.name}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION members_pieces")
        else:
            cursor.execute("DROP TABLE members_place")


_EVENTS = ("insert", "update", "delete")


def keep(using, **kwargs):
    """After migrations ran: see `restore`."""
    with transaction.atomic(using):
        restore(connections[using])


def restore(connection):
    """Put back what a migration took from the index: SQLite drops a table's triggers when the table is made anew.

    The rows may have changed meanwhile: the index is made anew too. Does nothing if all is there or no index at all.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master")
        there = {name for (name,) in cursor.fetchall()}
        for index in ALL:
            if index.name not in there or all(f"{index.name}_{event}" in there for event in _EVENTS):
                continue
            cursor.execute(f"INSERT INTO {index.name} ({index.name}) VALUES ('delete-all')")
            cursor.execute(
                f"INSERT INTO {index.name} (rowid, pieces)"
                f" SELECT id, {index.sqlite_pieces(index.table)} FROM {index.table}"
            )
            for event, definition in _triggers(index).items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {index.name}_{event}")
                cursor.execute(f"CREATE TRIGGER {index.name}_{event} {definition}")


def _triggers(index):
    """{event: definition}: a table without contents of its own is told what was in it to take it out."""
    put = f"INSERT INTO {index.name} (rowid, pieces) VALUES (new.id, {index.sqlite_pieces('new')});"
    take = (
        f"INSERT INTO {index.name} ({index.name}, rowid, pieces)"
        f" VALUES ('delete', old.id, {index.sqlite_pieces('old')});"
    )
    columns = ["id", *index.texts, *index.phones]
    changed = " OR ".join(f'old."{column}" IS NOT new."{column}"' for column in columns)
    return {
        "insert": f"AFTER INSERT ON {index.table} BEGIN {put} END",
        "update": f"AFTER UPDATE OF {', '.join(columns)} ON {index.table} WHEN {changed} BEGIN {take} {put} END",
        "delete": f"AFTER DELETE ON {index.table} BEGIN {take} END",
    }
