"""When posts are held: cells like 2019.12—2024.12, and the days that a month or a year alone stands for."""

import calendar
import datetime as dt
import re

from members.roster.cells import Found
from members.roster.dates import DateReader
from members.roster.messages import Doubt
from members.roster.text import tidy
from organizations.partial_dates import beginning

# terms end in days to come, which a date in the register may not
LATEST = dt.date(2099, 12, 31)
_BETWEEN = re.compile(r"\s*(?:[-—–―－~～至到]+)\s*")
_OPEN_END = re.compile(r"(?:今|现在|目前|届满|换届|本届|任期届满|)")
_AROUND = re.compile(r"^自|(?:起|以来|开始|任职|当选)$")


def read_period(reader, value, code):
    """A reader of `roster.kinds`: a date, or the two of 2019.12—2024.12, 2019年12月至今. Raises Doubt."""
    dates = DateReader(today=LATEST, date1904=reader.dates.date1904)
    if not isinstance(value, str):
        return dates.read(value, code)
    text = _AROUND.sub("", tidy(value))
    try:
        return dates.read(text)
    except Doubt as doubt:
        if doubt.code != "date_invalid":
            raise
        invalid = Doubt(doubt.level, doubt.code, **(doubt.params | {"value": tidy(value)}))
    for between in _BETWEEN.finditer(text):
        first, last = text[: between.start()], text[between.end() :]
        try:
            started = dates.read(first) if first else ""
            ended = "" if _OPEN_END.fullmatch(last) else dates.read(last)
        except Doubt:
            continue
        if reader.field == "ended":
            return Found({"ended": ended} if ended else {}, {"started": started} if started else {})
        if started:
            return Found({"started": started}, {"ended": ended} if ended else {})
    raise invalid


def first_day(text, term=None):
    """The date that the partial date `text` means as the beginning of a post.

    Of a month or year alone it is the day the `term` starts, if that is in it, else the first day.
    """
    if term and term.starts_on.isoformat().startswith(text):
        return term.starts_on
    return beginning(text)


def last_day(text, term=None):
    """The date that the partial date `text` means as the last day of a post.

    Of a month or year alone it is the last day of the `term`, if it ended in it, else the last day.
    """
    if term and term.ended_on and term.ended_on.isoformat().startswith(text):
        return term.ended_on
    if len(text) == 10:
        return beginning(text)
    year, month = int(text[:4]), int(text[5:7] or 12)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def lasts_for_the_term(text, term):
    """Whether an end `text` says no more than that the post is held till the planned end of the running `term`."""
    planned = term.planned_end_on.isoformat()
    # a term from December to December is planned till the day before
    next_day = (term.planned_end_on + dt.timedelta(days=1)).isoformat()
    return term.ended_on is None and (
        text >= planned or planned.startswith(text) or next_day.startswith(text)
    )
