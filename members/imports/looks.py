"""The look at a file that stays with its batch: first rows of each sheet, samples of each column, sealed."""

import json
import re

from members import crypto
from members.identity import mask_id_number
from members.models.imports import LOOK_COLUMN

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{14,17}[0-9Xx](?![0-9A-Za-z])")


def seal_look(sheets):
    """`ImportBatch.look` of `roster.results.SheetReading`s, identity numbers masked."""
    look = [
        {
            "rows": [[number, [_masked(text) for text in texts]] for number, texts in sheet.look],
            "samples": {
                column.column: [_masked(text) for text in column.samples] for column in sheet.columns
            },
        }
        for sheet in sheets
    ]
    return crypto.seal(json.dumps(look, ensure_ascii=False), LOOK_COLUMN)


def look_of(batch):
    """[{"rows": [[row number, [text, …]], …], "samples": {column letter: [text, …]}}] by sheet."""
    if not batch.look:
        return [{"rows": [], "samples": {}} for _sheet in batch.sheets]
    return json.loads(crypto.unseal(batch.look, LOOK_COLUMN))


def _masked(text):
    return _NUMBER.sub(lambda match: mask_id_number(match[0]), text)
