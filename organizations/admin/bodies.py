"""What the admin itself does for bodies: their history, and the posts they offer. Their pages: organizations/bodies."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from organizations.admin.scoped import MANAGE, AssociationFilter, OnlyRead, ScopedAdmin
from organizations.models import Appointment, Body, Post, Term


class PartOfBody(OnlyRead, admin.TabularInline):
    """A part of a body: here for its history alone."""

    extra = 0


class TermInline(PartOfBody):
    model = Term


class AppointmentInline(PartOfBody):
    model = Appointment


@admin.register(Body)
class BodyAdmin(OnlyRead, ScopedAdmin):
    """The history of a body with its terms and appointments; its other addresses lead to its own pages."""

    inlines = [TermInline, AppointmentInline]

    def changelist_view(self, request, extra_context=None):
        return redirect("organizations:bodies")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("organizations:body", object_id)


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = [
            "association", "body_kind", "title", "role", "rank", "seats", "counts_for_quorum", "is_officer",
            "is_retired",
        ]  # fmt: skip

    def clean_seats(self):
        """One seat only where no two held the post at a time: the database would refuse the next change of theirs."""
        seats = self.cleaned_data["seats"]
        if seats == 1 and self.instance.pk and (both := held_together(self.instance)):
            raise ValidationError(
                _("{first} and {second} held it at the same time: more than one seat.").format(
                    first=both[0].member, second=both[1].member
                )
            )
        return seats


def held_together(post):
    """Two valid appointments to `post` in one body that share a day, both acting or neither; None if there are none."""
    rows = Appointment.objects.valid().filter(post=post).select_related("member")
    last = {}
    for row in rows.order_by("starts_on", "id"):
        key = (row.body_id, row.is_acting)
        before = last.get(key)
        if before and (before.ends_on is None or before.ends_on >= row.starts_on):
            return before, row
        last[key] = row
    return None


@admin.register(Post)
class PostAdmin(ScopedAdmin):
    """What posts the bodies of a kind offer: the charter's, so in the hands of who manages the association."""

    form = PostForm
    change_ability = MANAGE
    list_display = [
        "title", "body_kind", "role", "rank", "seats", "counts_for_quorum", "is_officer", "is_retired", "association",
    ]  # fmt: skip
    list_select_related = ["association"]
    list_filter = ["body_kind", "is_retired", AssociationFilter]
    sortable_by = []
    ordering = ["association", "body_kind", "rank", "pk"]
    list_per_page = 100

    def get_readonly_fields(self, request, obj=None):
        # appointments hang on both
        return ["association", "body_kind"] if obj is not None else []

    def has_delete_permission(self, request, obj=None):
        # a post no longer offered is marked as such: the past keeps its name
        return False
