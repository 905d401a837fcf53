"""The screen of the strokes that the office entered, with the characters that lack them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.rights import Ability
from members.stroke_order import missing_characters
from organizations.admin import ScopedAdmin
from organizations.keyset import KeysetChangeList
from organizations.models import StrokeOverride
from organizations.strokes.table import standard_forms

MEMBERS_NAMED = 5


class StrokesList(KeysetChangeList):
    """The list, and above it the characters of names in sight that nobody has the strokes of."""

    def get_results(self, request):
        super().get_results(request)
        self.missing = [
            {"character": character, "members": members[:MEMBERS_NAMED], "more": len(members) - MEMBERS_NAMED}
            for character, members in missing_characters(request.user).items()
        ]


class StrokeOverrideForm(forms.ModelForm):
    class Meta:
        model = StrokeOverride
        fields = ["character", "forms", "place", "note"]

    def clean_character(self):
        return self.cleaned_data["character"].strip()

    def clean_forms(self):
        return self.cleaned_data["forms"].replace(" ", "")


@admin.register(StrokeOverride)
class StrokeOverrideAdmin(ScopedAdmin):
    """Everybody who reads members sees them; they hold for all associations, and any manager keeps them."""

    form = StrokeOverrideForm
    changelist_class = StrokesList
    change_list_template = "admin/organizations/strokes.html"
    change_ability = Ability.MANAGE
    list_display = ["character", "forms", "usual", "place", "note"]
    sortable_by = []
    ordering = ["character", "pk"]

    def may(self, request, ability, obj):
        return bool(request.user.rights.associations_for(ability))

    @admin.display(description=_("strokes in our table"), empty_value="—")
    def usual(self, override):
        return standard_forms().get(override.character)
