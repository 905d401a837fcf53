"""Resolutions that admit members: who applied becomes registered (domain.md E4)."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.codes import Status
from members.models import Member
from members.rights import Ability
from members.services import InTheFuture, change_status
from organizations.day_input import DayInput
from organizations.meetings.effects import Effect
from organizations.meetings.plan_forms import PlanForm
from organizations.services import NotPossible


class AdmitForm(PlanForm):
    """Which of those who applied are admitted, from which day on."""

    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=gettext_lazy("applicants"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Members of the association whose status is “Applied”."),
    )
    on = forms.DateField(label=gettext_lazy("member from"), widget=DayInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        applied = Member.objects.editable_by(self.user).filter(
            association=self.association_id, status=Status.APPLIED
        )
        self.fields["members"].queryset = applied.in_stroke_order()

    def plan(self):
        data = self.cleaned_data
        return {"members": sorted(member.pk for member in data["members"]), "on": data["on"].isoformat()}


class Admitting(Effect):
    """Plan: {"members": [ids], "on": day of admission}."""

    form = AdmitForm

    def may(self, user, resolution):
        association = resolution.meeting.body.association_id
        return user.has_perm("members.change_member") and user.rights.may(Ability.EDIT, association)

    def lines(self, resolution):
        return [
            _("{name} becomes a member on {day}").format(name=member, day=resolution.plan["on"])
            for member in self._members(resolution)
        ]

    def carry_out(self, resolution, *, actor):
        on = resolution.plan["on"]
        for member in self._members(resolution):
            if member.status != Status.APPLIED:
                raise NotPossible(
                    _("{name} has not applied: the status is “{status}”.").format(
                        name=member, status=member.get_status_display()
                    )
                )
            try:
                step = change_status(
                    member,
                    to=Status.ACTIVE,
                    on=on,
                    actor=actor,
                    decided_by=str(resolution.meeting)[:100],
                    document=resolution.document,
                    resolution=resolution,
                )
            except InTheFuture as error:
                raise NotPossible(str(error)) from error
            if not step.member.joined:
                step.member.joined = on
                step.member.save(update_fields=["joined"])

    def _members(self, resolution):
        people = Member.objects.filter(pk__in=resolution.plan.get("members", ()))
        return list(people.in_stroke_order())
