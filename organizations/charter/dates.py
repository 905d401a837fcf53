"""Reckoning with months, and days as sentences say them."""

import calendar
import datetime as dt

from organizations.partial_dates import sentence


def months_later(day, months):
    """The same day of the month so many months later (earlier if negative); the last one in a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def said(day):
    """The date `day` in running text: 2024年6月1日."""
    return sentence(day.isoformat())
