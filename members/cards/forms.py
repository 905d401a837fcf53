from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.cards.services import Filter, narrowed
from members.models import Member
from members.rights import Ability
from organizations.models import Association


class CardFilter(forms.Form):
    """Whose cards are looked at: of one association, as their cards stand, by a search."""

    state = forms.ChoiceField(
        label=pgettext_lazy("cards", "Cards"),
        required=False,
        choices=[("", _("all members in force")), *Filter.choices],
    )
    association = forms.ModelChoiceField(
        Association.objects.none(), label=_("Association"), required=False, empty_label=_("All associations")
    )
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("name, number, employer")}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        places = Association.objects.where_may(user, Ability.EDIT)
        if len(user.rights.associations_for(Ability.EDIT)) > 1:
            self.fields["association"].queryset = places
        else:
            del self.fields["association"]

    def found(self, day):
        """The members whom the reader may edit and who are asked for; none while the form has errors."""
        if not self.is_valid():
            return Member.objects.none()
        asked = self.cleaned_data
        rows = narrowed(Member.objects.editable_by(self.user), asked["state"], day)
        if asked.get("association"):
            rows = rows.filter(association=asked["association"])
        return rows.search(asked["q"], self.user) if asked["q"].strip() else rows
