"""The log of exports: who took which columns of how many members, when and what for."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.export import by_class, keys_of
from members.models import User
from members.rights import Ability
from organizations.history_screen import PeriodForm, made_between
from organizations.keyset import BEFORE, is_key
from organizations.models import Action

PAGE = 50


def visible_exports(user):
    """Exports out of associations that `user` manages, and the user's own."""
    rows = Action.objects.filter(kind=Action.Kind.EXPORT)
    if user.is_superuser:
        return rows
    return rows.filter(Q(association__in=user.rights.associations_for(Ability.MANAGE)) | Q(actor=user))


class LogForm(PeriodForm):
    """By whom, in which days (both included), with identity columns or without."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=pgettext_lazy("export", "By"), required=False, empty_label=_("Everybody")
    )
    identity = forms.ChoiceField(
        label=_("Identity data"),
        required=False,
        choices=[("", _("with and without")), ("yes", _("with")), ("no", _("without"))],
    )
    field_order = ["person", "since", "until", "identity"]

    def __init__(self, *args, exports, **kwargs):
        super().__init__(*args, **kwargs)
        self.exports = exports
        self.fields["person"].queryset = User.objects.filter(
            Exists(exports.order_by().filter(actor=OuterRef("pk")))
        ).order_by("name", "email", "pk")

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("This day is before the first."))
        return data

    def found(self):
        """The exports asked for; none while the form has errors."""
        if not self.is_valid():
            return self.exports.none()
        asked = self.cleaned_data
        rows = self.exports.filter(made_between(asked["since"], asked["until"], at="at"))
        if asked["person"]:
            rows = rows.filter(actor=asked["person"])
        if asked["identity"]:
            rows = rows.filter(details__identity=asked["identity"] == "yes")
        return rows


def log_page(request, site):
    """The newest exports in sight, or those before `?before=`."""
    form = LogForm(request.GET, exports=visible_exports(request.user))
    rows = form.found()
    edge = request.GET.get(BEFORE, "")
    if is_key(edge):
        rows = rows.filter(pk__lt=int(edge))
    found = list(rows.select_related("actor", "association").order_by("-pk")[: PAGE + 1])
    page, query = found[:PAGE], request.GET.copy()
    query.pop(BEFORE, None)
    context = {
        **site.each_context(request),
        "title": _("Log of exports"),
        "form": form,
        "exports": [(action, by_class(keys_of(action))) for action in page],
        "query": query.urlencode(),
        "is_filtered": any(query.values()),
        "older": page[-1].pk if len(found) > PAGE else None,
        "newest": bool(edge),
    }
    request.current_app = site.name
    return TemplateResponse(
        request, "admin/members/member/exports.html", context, status=422 if form.errors else 200
    )
