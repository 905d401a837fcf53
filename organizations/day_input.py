"""The browser's own field for a day."""

from django import forms


class DayInput(forms.DateInput):
    """A field that takes one form of writing the day in every language: an address's or form's ``2026-11-22``."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)
