"""The staff's lists of words: their screen, and the inputs of the member's form that offer them."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.admin.conditions import township_names
from members.bulk_changes import rename_in_members
from members.models import ListedWord
from organizations.admin import AssociationFilter, ScopedAdmin


class SuggestingInput(forms.TextInput):
    """A text field that offers words; `suggest` gives them as [(word, note)], when the field is shown."""

    template_name = "members/suggesting_input.html"

    def __init__(self, suggest, attrs=None):
        super().__init__(attrs)
        self.suggest = suggest

    def __deepcopy__(self, memo):
        return SuggestingInput(self.suggest, dict(self.attrs))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["suggestions"] = self.suggest()
        context["widget"]["attrs"]["list"] = f"{name}-suggestions"
        return context


def suggestions(user):
    """{field of a member: function that gives what to offer for it to `user`}."""
    lists = {
        word_list.value: partial(ListedWord.objects.offered, user, word_list) for word_list in ListedWord.List
    }
    return lists | {"township": lambda: [(name, "") for name in township_names(user.rights)]}


class ListedWordForm(forms.ModelForm):
    rename = forms.BooleanField(
        label=_("Write a changed word into the members’ records too"),
        required=False,
        help_text=_(
            "In all records that have the old word and that you may edit; recorded in their history."
        ),
    )

    class Meta:
        model = ListedWord
        fields = ["association", "word_list", "category", "name"]

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError(_("Write a word."))
        return name

    def clean(self):
        data = super().clean()
        if data.get("category") and data.get("word_list") == ListedWord.List.EMPLOYER_KIND:
            self.add_error("category", _("Only an occupation has a category."))
        return data


@admin.register(ListedWord)
class ListedWordAdmin(ScopedAdmin):
    """Managers keep their association's own words; those for everybody are in the hands of who runs the site."""

    form = ListedWordForm
    change_ability = "manage"
    list_display = ["name", "word_list", "category", "whose"]
    list_select_related = ["association"]
    list_filter = ["word_list", AssociationFilter]
    sortable_by = []
    ordering = ["word_list", "category", "name", "pk"]
    search_fields = ["name"]

    def may(self, request, ability, obj):
        if obj is not None and obj.association_id is None:
            return request.user.is_superuser
        return super().may(request, ability, obj)

    def get_search_results(self, request, queryset, search_term):
        text = search_term.strip()[:20]
        return (queryset.filter(name__icontains=text) if text else queryset), False

    def get_fields(self, request, obj=None):
        fields = ["association", "word_list", "category", "name"]
        return [*fields, "rename"] if obj is not None and self.has_change_permission(request, obj) else fields

    def get_readonly_fields(self, request, obj=None):
        return ["association", "word_list"] if obj is not None else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "association":
            field.required = not request.user.is_superuser
            field.empty_label = _("everybody") if request.user.is_superuser else field.empty_label
        return field

    def save_model(self, request, obj, form, change):
        before = form.initial.get("name")
        super().save_model(request, obj, form, change)
        if change and form.cleaned_data.get("rename") and before != obj.name:
            count = rename_in_members(
                field=obj.word_list, old=before, new=obj.name, association=obj.association, actor=request.user
            )
            done = ngettext(
                "The word was changed in {count} record.", "The word was changed in {count} records.", count
            )
            messages.success(request, done.format(count=count))

    @admin.display(description=_("association"))
    def whose(self, word):
        return word.association or _("everybody")
