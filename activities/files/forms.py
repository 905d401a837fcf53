"""Forms of files and photos of activities."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from activities.files.reading import ACCEPTED, NotTaken, clean_name, ending_of, read_file, with_ending
from activities.files.services import change_file
from activities.models import ActivityFile
from organizations.bodies.forms import ServiceForm

AT_ONCE = 20
AGREED = gettext_lazy("Everybody who can be recognised on the photos agreed to their being shown")
AGREED_HELP = gettext_lazy(
    "Or nobody can be recognised. Showing photos of persons to others needs their separate consent (Personal "
    "Information Protection Law, arts. 25 and 29). Without it photos are for staff only."
)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files; what each is worth is looked at by the form."""

    widget = FilesInput

    def clean(self, data, initial=None):
        found = list(data or [])
        if not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found


class UploadForm(forms.Form):
    """Files to put in. Those that are refused do not keep the others out: `refused` has a sentence for each."""

    files = FilesField(
        label=gettext_lazy("Files and photos"),
        widget=FilesInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": gettext_lazy("Choose the files first.")},
    )
    readers = forms.ChoiceField(
        label=pgettext_lazy("files", "shown to"),
        choices=ActivityFile.Readers,
        initial=ActivityFile.Readers.STAFF,
    )
    persons_agreed = forms.BooleanField(label=AGREED, help_text=AGREED_HELP, required=False)

    def __init__(self, *args, max_megabytes, no_room_for="", **kwargs):
        """`no_room_for` is the name of a file that a full disk kept from arriving."""
        super().__init__(*args, label_suffix="", **kwargs)
        self.no_room_for, self.refused = no_room_for, []
        self.fields["files"].help_text = _(
            "Up to {count} at once: PDF, OFD, docx, xlsx, pptx up to {size} MB each; pictures (JPEG, PNG, WEBP) become "
            "photos, made smaller and freed of the camera's notes, such as the place."
        ).format(count=AT_ONCE, size=max_megabytes)

    def clean_files(self):
        """[Reading] of those that can be kept."""
        uploads = self.cleaned_data["files"]
        if len(uploads) > AT_ONCE:
            raise ValidationError(
                ngettext("At most {count} file at once.", "At most {count} files at once.", AT_ONCE).format(
                    count=AT_ONCE
                )
            )
        readings = []
        for upload in uploads:
            try:
                readings.append(read_file(upload))
            except NotTaken as error:
                self.refused.append(str(error))
        if not readings:
            raise ValidationError(self.refused)
        return readings

    def clean(self):
        if self.no_room_for:
            raise ValidationError(
                _(
                    "The file {file} was not stored: the server’s disk is full. Tell whoever runs the server."
                ).format(file=self.no_room_for)
            )
        return super().clean()


class FileForm(ServiceForm):
    """What a file is called, and who may see it."""

    name = forms.CharField(label=pgettext_lazy("file", "name"), max_length=120)
    readers = forms.ChoiceField(label=pgettext_lazy("files", "shown to"), choices=ActivityFile.Readers)
    persons_agreed = forms.BooleanField(label=AGREED, help_text=AGREED_HELP, required=False)

    def __init__(self, *args, row, **kwargs):
        initial = {"name": row.name, "readers": row.readers, "persons_agreed": row.persons_agreed}
        super().__init__(*args, initial=initial, **kwargs)
        self.row = row
        if row.kind == ActivityFile.Kind.FILE:
            del self.fields["persons_agreed"]

    def clean_name(self):
        return with_ending(clean_name(self.cleaned_data["name"]), ending_of(self.row.file))

    def save(self):
        data = {"persons_agreed": False} | self.cleaned_data
        return change_file(self.row, **data)
