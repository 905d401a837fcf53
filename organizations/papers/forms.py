from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.papers.templates import check_template


class TemplateForm(forms.Form):
    """A template for papers of the kind `kind`; `cleaned_data["file"]` is (name, .docx bytes), checked."""

    file = forms.FileField(
        label=_("Your template"),
        help_text=_("A .docx file with fields. It is checked first, and used only when you say so."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        max_length=255,
    )

    def __init__(self, *args, kind, no_room_for="", **kwargs):
        """`no_room_for` is the name of a file that a full disk kept from arriving."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        if no_room_for:
            self.fields["file"].error_messages["required"] = _("The disk of the server is full.")

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.name.lower().endswith((".doc", ".wps")):
            raise ValidationError(
                _("This is a file of an older format. Save it in Word or WPS as .docx and choose it again.")
            )
        content = upload.read()
        check_template(self.kind, content)
        return upload.name, content
