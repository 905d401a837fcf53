"""Which field each column of a table gets, once all its columns and some of their cells are known."""

from collections import Counter

from members.identity import clean_number
from members.roster import lists, titles
from members.roster.cells import value_of
from members.roster.groups import township_of
from members.roster.headers import PERSONAL, UNKNOWN, Meaning
from members.roster.messages import QUESTION, WARNING, Doubt, Message
from members.roster.phones import read_phones
from members.roster.results import letter
from members.roster.text import EMPTY_MARKS, tidy

SAMPLE = 200


def settle(table, rows, choices, address):
    """Decide the columns of a Table; `rows` are the cells below its header.

    `choices` are the staff's `decisions.ColumnChoices`. Changes the columns' meanings and returns (messages about
    headers, indexes of columns kept aside). `address` makes the address of (row, column) indexes.
    """
    messages = []
    vocabulary = choices.vocabulary
    for column in table.columns:
        choice = choices.meaning(column)
        if choice is not None:
            column.meaning = choice
        elif column.meaning.loose:
            column.meaning = _by_content(column, rows, vocabulary)
    for block in table.blocks:
        _leave_to_contacts(block, vocabulary.headers)
        _resolve(block, rows, messages, address, vocabulary)
    aside = {
        column.index for column in table.columns if not column.meaning.fields and not column.meaning.ignored
    }
    ambiguous = {message.params["index"] for message in messages}
    for message in messages:
        del message.params["index"]
    for column in table.columns:
        if column.index in aside and column.index not in ambiguous and not column.meaning.is_chosen:
            cell = address(column.row, column.index)
            params = {"variant": "named" if column.header else "unnamed", "header": column.header}
            messages.append(Message(cell, WARNING, "header_unknown", params))
    return messages, aside


def _sample(rows, index):
    """Texts of up to SAMPLE filled cells of a column."""
    texts = []
    for row in rows:
        if index < len(row) and (value := value_of(row[index])) is not None:
            text = tidy(str(value))
            if text and text not in EMPTY_MARKS:
                texts.append(text)
                if len(texts) >= SAMPLE:
                    break
    return texts


def _share(texts, test):
    return sum(bool(test(text)) for text in texts) / len(texts) if texts else 1.0


def _by_content(column, rows, vocabulary):
    """A header that may mean several things gets its field only if the cells agree."""
    field = column.meaning.field
    texts = _sample(rows, column.index)
    if field == "number":
        if (
            _share(
                texts,
                lambda text: len(clean_number(text)) in (15, 18) and clean_number(text)[:14].isdecimal(),
            )
            > 0.5
        ):
            known = texts and "id_number" in vocabulary.fields
            return Meaning(("id_number",), loose=True) if known else column.meaning
        counting = [
            int(text) for text in texts if text.isdecimal() and len(text) <= 5 and not text.startswith("0")
        ]
        if len(counting) == len(texts) and counting == list(range(1, len(counting) + 1)):
            return Meaning(ignored=True)
    elif field == "category":
        return column.meaning if _share(texts, _is_category) >= 0.5 else UNKNOWN
    elif field == "township":
        return column.meaning if _share(texts, township_of) >= 0.5 else UNKNOWN
    elif field == "title_level":
        return column.meaning if _share(texts, _is_title_level) >= 0.5 else UNKNOWN
    return column.meaning


def _is_category(text):
    return lists.category_of(text) is not None


def _is_title_level(text):
    try:
        return titles.read_title_level(text)
    except Doubt:
        return False


def _resolve(columns, rows, messages, address, vocabulary):
    """Let one column of several that claim a field have it, or none: then a person has to choose.

    What staff chose goes before all else; a choice for a field goes before a fused column that brings it as well.
    """
    claims = {}
    for column in columns:
        if column.meaning.fields and column.meaning.kind not in ("subject", "name_part"):
            claims.setdefault(column.meaning.field, []).append(column)
    second = {}
    for column in columns:
        for field in column.meaning.fields[1:]:
            second.setdefault(field, []).append(column)
    free = vocabulary.fields.keys() - claims.keys()
    for field, claimants in claims.items():
        claimants = [column for column in claimants if column.meaning.field == field]
        fused = second.get(field, ())
        if len(claimants) < 2 and not (claimants and fused):
            continue
        mine = [column for column in claimants if column.meaning.is_chosen]
        firm = [column for column in claimants if not column.meaning.loose]
        if len(mine) == 1 and not any(column.meaning.is_chosen for column in fused):
            losers = [column for column in claimants if column is not mine[0]]
            losers += [column for column in fused if column.meaning.fields]
        elif fused:
            losers = claimants  # a fused column brings this field already
        elif len(firm) == 1:
            losers = [column for column in claimants if column is not firm[0]]
        else:
            losers = claimants
        if field == "mobile" and len(firm) == 1 and len(losers) == 1 and "office_phone" in free:
            texts = _sample(rows, losers[0].index)
            if texts and all(map(_is_landline, texts)):
                losers[0].meaning = Meaning(("office_phone",))
                continue
        other = vocabulary.yields.get(field)
        if other in free and len(firm) == 1 and len(losers) == 1:
            losers[0].meaning = Meaning((other,))
            continue
        letters = [letter(column.index) for column in columns if field in column.meaning.fields]
        for column in losers:
            column.meaning = UNKNOWN
            params = {
                "field": vocabulary.header(field),
                "key": field,
                "columns": letters,
                "index": column.index,
            }
            cell = address(column.row, column.index)
            messages.append(Message(cell, QUESTION, "header_ambiguous", params, field))


def _leave_to_contacts(columns, headers):
    """Columns right of 联系人 are about that person where they are vague or say what another column says."""
    fields = Counter(column.meaning.field for column in columns)
    beside = False
    for column in columns:
        if headers.is_contact(column.header):
            beside = True
        elif beside:
            meaning = column.meaning
            beside = meaning.field in PERSONAL and (meaning.loose or fields[meaning.field] > 1)
            if beside and not meaning.is_chosen:
                fields[meaning.field] -= 1
                column.meaning = UNKNOWN


def _is_landline(text):
    try:
        phones = read_phones(text, office=True)
    except Doubt:
        return False
    return bool(phones.landlines) and not phones.mobiles
