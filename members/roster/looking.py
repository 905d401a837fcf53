"""What staff see of a sheet before they decide what it is: its first rows, and some texts of each column."""

from members.roster.cells import text_of_value
from members.roster.workbook import Cell

ROWS, COLUMNS, LENGTH, SAMPLES = 12, 60, 40, 3
SAID_LENGTH = 500
# A column with the same text everywhere is not looked through further than this.
SAMPLED = 200


def first_rows(source):
    """[row number, [text, …]] of the first filled rows of a `workbook.Sheet`, whatever it is."""
    look = []
    for index, cells in enumerate(source.rows):
        texts = [shown(cell) for cell in cells[:COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            look.append([source.row_number(index), texts])
            if len(look) == ROWS:
                break
    return look


def said_in(cells):
    """The texts of a row's filled cells, whole unless they are pages long."""
    return [text for cell in cells[:COLUMNS] if (text := shown(cell, SAID_LENGTH))]


def samples(rows, index):
    """The first different texts of a column."""
    found = []
    filled = 0
    for cells in rows:
        if index < len(cells) and cells[index] is not None and (text := shown(cells[index])):
            if text not in found:
                found.append(text)
            filled += 1
            if len(found) == SAMPLES or filled == SAMPLED:
                break
    return found


def shown(cell, length=LENGTH):
    """A cell as a short text."""
    code = ""
    if isinstance(cell, Cell):
        if cell.error or cell.value is None:
            return cell.error or ("=" if cell.formula else "")
        cell, code = cell.value, cell.format
    text = "" if cell is None else " ".join(text_of_value(cell, code).split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
