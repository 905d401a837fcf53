from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.models import Member
from members.rights import Ability
from organizations.models import Association

# what is typed before something is gone for good
WORD = pgettext_lazy("retention", "purge")


class PlaceForm(forms.Form):
    """Of which association the records are looked at: `chosen`."""

    association = forms.ModelChoiceField(
        Association.objects.none(), label=gettext_lazy("Association"), required=False, empty_label=None
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["association"].queryset = Association.objects.where_may(user, Ability.MANAGE)

    @property
    def places(self):
        return list(self.fields["association"].queryset)

    @property
    def chosen(self):
        """The association asked for, the first one of the tree without; None for one that is not managed."""
        if not self.is_valid():
            return None
        return self.cleaned_data["association"] or next(iter(self.places), None)


class ChosenForm(forms.Form):
    """Who is taken into a run, out of those of the list."""

    member = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("Somebody chosen is not due any more. Look at the list again."),
            "invalid_pk_value": gettext_lazy("Somebody chosen is not due any more. Look at the list again."),
        },
    )

    def __init__(self, data, *, due):
        super().__init__(data)
        ready = [each.member.pk for each in due if not each.why_not]
        self.fields["member"].queryset = Member.objects.filter(pk__in=ready)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        help_text=gettext_lazy("Why the record is kept: a lawsuit, archives, a request of the family."),
    )


class PurgeForm(forms.Form):
    """Asks for a word, since nothing brings the records back afterwards."""

    word = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["word"].label = _("Type “{word}” to confirm").format(word=WORD)

    def clean_word(self):
        word = self.cleaned_data["word"]
        if word.strip().casefold() != str(WORD).casefold():
            raise forms.ValidationError(_("Type “{word}” to confirm.").format(word=WORD))
        return word


class OnRequestForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer to the person"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It closes the request. Tell the person yourself too: the account is shut."),
    )


class RestoreForm(forms.Form):
    """Whether a record comes back without what cannot come back."""

    without = forms.BooleanField(label=gettext_lazy("Put it back without these"), required=False)
