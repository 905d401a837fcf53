"""Writing members to a file, with an entry in the log of who took what."""

import tempfile

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.resources import HEADERS, MemberResource
from organizations.models import Action, Association


class ExportForm(forms.Form):
    """Which columns, in which format."""

    ALL, CHOSEN = "all", "chosen"

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    columns = forms.ChoiceField(
        label=_("Columns"),
        choices=[
            (ALL, _("all columns, as a later import takes them")),
            (CHOSEN, _("only those ticked below")),
        ],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    keys = forms.MultipleChoiceField(
        label=_("Columns to write"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, formats, keys, usual, **kwargs):
        """`formats`: Format classes; `keys`: those the user may export; `usual`: ticked at first."""
        super().__init__(*args, **kwargs)
        self.formats = {str(place): format_class for place, format_class in enumerate(formats)}
        self.fields["format"].choices = [(place, f().get_title()) for place, f in self.formats.items()]
        self.fields["format"].initial = "0"
        self.allowed = keys
        self.fields["keys"].choices = [(key, HEADERS[key]) for key in keys]
        self.fields["keys"].initial = [key for key in usual if key in keys]

    def clean(self):
        data = super().clean()
        if data.get("columns") == self.CHOSEN and not data.get("keys"):
            self.add_error("keys", _("Tick at least one column."))
        return data

    @property
    def selected(self):
        if self.cleaned_data["columns"] == self.ALL:
            return self.allowed
        return [key for key in self.allowed if key in self.cleaned_data["keys"]]

    @property
    def file_format(self):
        return self.formats[self.cleaned_data["format"]]()


def export_members(queryset, *, keys, file_format, actor, asked):
    """Write the columns `keys` of the members of `queryset`; return an open temporary file, to be read from its start.

    Whether `actor` may is asked before. `asked` says for the log how the rows were chosen: {parameter: text}. Not in
    a transaction: on SQLite it would hold up all writers.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    resource, seen = MemberResource(keys=keys), set()
    try:
        count = file_format.write(
            file, [HEADERS[key] for key in resource.fields], resource.rows(queryset, seen)
        )
        Action.objects.create(
            kind=Action.Kind.EXPORT,
            actor=actor,
            association=_nearest_above(seen),
            details={
                "count": count,
                "fields": [HEADERS[key] for key in resource.fields],
                "filter": "; ".join(f"{name}: {text}" for name, text in asked.items()),
                "format": file_format.get_extension(),
            },
        )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _nearest_above(ids):
    """The association at or above all of `ids`, where the log shows the export; None if the trees differ."""
    paths = list(Association.objects.filter(pk__in=ids).values_list("path", flat=True))
    if not paths:
        return None
    common = []
    for steps in zip(*(path.split("/") for path in paths), strict=False):
        if len(set(steps)) > 1 or not steps[0]:
            break
        common.append(steps[0])
    return Association.objects.filter(path="".join(f"{step}/" for step in common)).first() if common else None


def export_name(file_format):
    return f"会员名册-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"
