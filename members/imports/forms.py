from django import forms
from django.utils.translation import gettext_lazy as _

from members.rights import Ability
from organizations.models import Association


class UploadForm(forms.Form):
    """A roster file and, for those who work in several associations, where it goes."""

    association = forms.ModelChoiceField(
        label=_("Association"), queryset=Association.objects.none(), empty_label=None
    )
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

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = Association.objects.where_may(user, Ability.IMPORT)
        self.fields["association"].queryset = allowed
