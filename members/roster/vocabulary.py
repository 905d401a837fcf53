"""What a kind of sheet speaks of: its fields, the words for them, and what tells its rows from others."""

from copy import copy

from members.roster.contract import CPC_QUESTIONS, FIELDS, FUSED_WORDS, IGNORED
from members.roster.deriving import finish_row
from members.roster.headers import Headers, Meaning, header_key


class Vocabulary:
    """The fields of one kind of sheet and how its headers name them. One object serves any number of files."""

    def __init__(
        self,
        fields,
        *,
        fused=None,
        ignored=IGNORED,
        words=None,
        person="name",
        readers=None,
        finish=None,
        stands_once=True,
        yields=None,
        notes=None,
    ):
        """`fields` are `contract.Field`s; the one with the key `person` names whom a row is about.

        `fused` is {keys of the fields: words of the headers that hold them all}, `ignored` are headers left out without
        a word, `words` further {header: Meaning}. `readers` are {kind: reader} besides those of `kinds.READERS`, in the
        same form. `finish(row, identity, cell, today)` completes a row (see `deriving`). With `stands_once`, two rows
        about one person are told. `yields` is {key: key} of fields whose loose headers mean the other field beside a
        column that says the first more clearly. `notes` is a pattern of texts that no row of a person has.
        """
        self.fields = {field.key: field for field in fields}
        self.person = person
        self.readers = readers or {}
        self.finish = finish
        self.stands_once = stands_once
        self.yields = yields or {}
        self.notes = notes
        fused = fused or {}
        self.pairs = {"+".join(keys): names.split()[0] for keys, names in fused.items() if all(keys)}
        """{choice of a fused column: its usual header}"""
        self.headers = Headers(_words(fields, fused, ignored) | (words or {}))

    def teach(self, taught):
        """This vocabulary with {header_key: Meaning} of further headers, which go before its own."""
        learned = copy(self)
        learned.headers = self.headers.teach(taught)
        return learned

    def header(self, key):
        """How spreadsheets write the field of this key."""
        return self.fields[key].header


def _words(fields, fused, ignored):
    """{header_key: Meaning}"""
    words = {}
    for field in fields:
        for loose, names in ((True, field.loose), (False, (field.header, *field.synonyms))):
            for name in names:
                words[header_key(name)] = Meaning((field.key,), loose=loose)
        if "_" in field.key:
            words[field.key] = Meaning((field.key,))
    for keys, names in fused.items():
        for name in names.split():
            words[header_key(name)] = Meaning(tuple(key for key in keys if key))
    return words | {name: Meaning(ignored=True) for name in ignored}


_NAME_PARTS = ("姓", "名", "lastname", "firstname", "surname", "givenname", "familyname", "forename")
MEMBERS = Vocabulary(
    FIELDS,
    fused=FUSED_WORDS,
    words={header_key(name): Meaning(("second_party",), kind="cpc_question") for name in CPC_QUESTIONS}
    | {name: Meaning(("name",), kind="name_part") for name in _NAME_PARTS},
    finish=finish_row,
)
"""Rosters of members: the roster contract."""
