"""The members' own forms."""

import base64

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin.forms import MemberForm
from members.models import Member
from members.photos import NotAPhoto, Part, crop, read_whole
from members.portal.directory import PARTS, PURPOSES, Purpose

LONGEST_SEARCH = 50


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Name, pinyin or employer"), required=False, max_length=LONGEST_SEARCH)


class DirectoryForm(forms.Form):
    """The switches of one's own entry: each purpose of its own consent."""

    directory = forms.BooleanField(
        label=_("List me: name, employer, position, category and posts"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for purpose, _column, label in PARTS:
            self.fields[purpose.value] = forms.BooleanField(label=label, required=False)

    @classmethod
    def of(cls, member):
        """The form with what `member` has agreed to."""
        agreed = member.consents.in_force().filter(purpose__in=PURPOSES).values_list("purpose", flat=True)
        return cls(initial=dict.fromkeys(agreed, True))

    @property
    def parts(self):
        """The fields below the first, for the page."""
        return [self[purpose.value] for purpose, _column, _label in PARTS]

    @property
    def purposes(self):
        """The set of purposes chosen in a valid form; empty unless one wants to be listed at all."""
        chosen = {Purpose(name) for name, value in self.cleaned_data.items() if value}
        return chosen if Purpose.DIRECTORY in chosen else set()


class OwnForm(MemberForm):
    """Fields of one's own record that are changed at once; checked as when the staff type them."""

    # written out in the class above: neither is changed without a review
    id_number = None
    remove_id = None

    class Meta(MemberForm.Meta):
        widgets = {
            "mobile": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
            "second_mobile": forms.TextInput(attrs={"inputmode": "tel"}),
            "office_phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "wechat": forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "position": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "social_posts": forms.Textarea(attrs={"rows": 4}),
            "honours": forms.Textarea(attrs={"rows": 4}),
        }


class ContactForm(OwnForm):
    """The contact data, with the question whether to sign in by what is written."""

    sign_in_mobile = forms.BooleanField(label=_("Sign in with this mobile number too"), required=False)
    sign_in_email = forms.BooleanField(label=_("Sign in with this e-mail address too"), required=False)

    field_order = ["mobile", "sign_in_mobile", "second_mobile", "office_phone", "email", "sign_in_email"]

    def clean(self):
        data = super().clean()
        for wish, name in (("sign_in_mobile", "mobile"), ("sign_in_email", "email")):
            if data.get(wish) and name not in self.errors and not data.get(name):
                self.add_error(wish, _("Fill in what you want to sign in with."))
        return data


def own_form(fields):
    """The form class for these fields of one's own record."""
    base = ContactForm if "mobile" in fields else OwnForm
    return forms.modelform_factory(Member, form=base, fields=fields)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PhotoForm(forms.Form):
    """A file from the phone's camera or album."""

    photo = forms.FileField(
        label=pgettext_lazy("portal", "Photo"),
        help_text=_("JPEG, PNG or WEBP. It is made small and freed of the camera's notes before it is kept."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self):
        """The picture as JPEG bytes, not yet in the shape of a photo."""
        return _read(self.cleaned_data["photo"])


class PartForm(forms.Form):
    """Which part of a picture becomes the photo; the picture travels with the form, so that nothing is left lying."""

    picture = forms.CharField(widget=forms.HiddenInput, max_length=2_000_000)
    part = forms.ChoiceField(choices=Part, initial=Part.MIDDLE)

    def clean_picture(self):
        try:
            content = base64.b64decode(self.cleaned_data["picture"], validate=True)
        except ValueError as error:
            raise ValidationError(_("Choose the photo once more.")) from error
        return _read(ContentFile(content))

    @property
    def photo(self):
        """The chosen part of a valid form, as JPEG."""
        return crop(self.cleaned_data["picture"], self.cleaned_data["part"])


def _read(upload):
    try:
        return read_whole(upload)
    except NotAPhoto as error:
        raise ValidationError(str(error)) from error
