"""Two people at one small form: the second is told what the first wrote, and saves again to replace it.

For forms of many rows on one page; a record's own form lets one choose field by field (organizations/opened.py).
"""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _

SEEN = "seen"


class SeenModelForm(forms.ModelForm):
    """A form of a record that says so when somebody else changed the record after the page was opened.

    What was typed stays; sending it again then writes it over the other's.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.look()

    def look(self):
        """Note what stands in the record; a form that adds fields of its own looks again when it has them."""
        names = [name for name in self.fields if name in self.initial and name != SEEN]
        self._present = {name: self._text(name) for name in names}
        self._fingerprint = "|".join(self._present.values())
        if not self.instance._state.adding:
            self.initial[SEEN] = self._fingerprint

    def _text(self, name):
        value = self.initial.get(name)
        return value.isoformat() if isinstance(value, dt.date) else str(value or "")

    def has_changed(self):
        """Not if all stands as its sender saw it, even where somebody else changed it meanwhile."""
        return super().has_changed() and (self.instance._state.adding or not self._is_as_seen())

    def _is_as_seen(self):
        sent = [self.data.get(self.add_prefix(name), "").strip() for name in self._present]
        return "|".join(sent) == self.data.get(self.add_prefix(SEEN), "")

    def clean(self):
        cleaned = super().clean()
        if self.instance._state.adding:
            return cleaned
        seen = self.data.get(self.add_prefix(SEEN), "")
        if seen != self._fingerprint and not self._is_as_seen():
            self.data = self.data.copy()
            self.data[self.add_prefix(SEEN)] = self._fingerprint
            present = _(", ").join(
                _("{field}: {value}").format(field=self.fields[name].label, value=self._shown(name))
                for name in self._present
                if name in self.fields and name in self.changed_data
            )
            self.add_error(
                None,
                _(
                    "Somebody else changed this after you opened the page, and nothing of yours is saved yet. "
                    "There now: {present}. Compare, then save again."
                ).format(present=present or _("the same as yours")),
            )
        return cleaned

    def _shown(self, name):
        choices, value = dict(getattr(self.fields[name], "choices", ())), self.initial.get(name)
        if isinstance(value, list):
            return "、".join(str(choices.get(each, each)) for each in value) or "—"
        return choices.get(value, self._present[name]) or "—"
