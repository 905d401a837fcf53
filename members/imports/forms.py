from django import forms
from django.utils.translation import gettext_lazy as _

from members.imports.kinds import KINDS, MEMBERS
from members.rights import Ability
from organizations.models import Association, Body


class UploadForm(forms.Form):
    """A roster file and, for those who work in several associations, where it goes."""

    association = forms.ModelChoiceField(
        label=_("Association"), queryset=Association.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label=_("What the file is"), required=False)
    body = forms.ModelChoiceField(label=_("Body"), queryset=Body.objects.none(), required=False)
    file = forms.FileField(
        label=_("Roster"),
        help_text=_(
            "An Excel or WPS file (.xlsx, .xls), .ods or .csv. Nothing is imported before you confirm."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.ods,.csv,.txt"}),
        max_length=255,
        # an empty file gets the reader's own sentence
        allow_empty_file=True,
    )

    def __init__(self, *args, user, not_stored=None, **kwargs):
        """`not_stored` is the NotStored that kept the file from arriving."""
        super().__init__(*args, **kwargs)
        if not_stored:
            self.fields["file"].error_messages["required"] = str(not_stored)
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in KINDS.values()]
        allowed = Association.objects.where_may(user, Ability.IMPORT)
        self.fields["association"].queryset = allowed
        self.fields["body"].queryset = Body.objects.where_may(user, Ability.EDIT).filter(
            association__in=allowed
        )

    @property
    def asked_body(self):
        """The Body whose roster is asked for, None if the file is to say so or it is out of sight."""
        asked = self["body"].value()
        bodies = self.fields["body"].queryset
        return bodies.filter(pk=asked).first() if str(asked or "").isdecimal() else None

    def clean_kind(self):
        return KINDS.get(self.cleaned_data["kind"], MEMBERS)

    def clean(self):
        data = super().clean()
        body, association = data.get("body"), data.get("association")
        if body and association and body.association_id != association.pk:
            self.add_error("body", _("That body belongs to another association."))
        return data
