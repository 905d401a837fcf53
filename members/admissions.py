"""Admission: who applied is announced if the association does so (公示), then registered (domain.md E4).

By a resolution of a meeting, or noted from paper. On registration the member gets a number and a card.
"""

import datetime as dt

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import emails
from members.cards.services import issue_card, why_no_card
from members.codes import Status
from members.models import Application, Member
from members.numbers import assign_number, pattern_of
from members.rights import Ability
from members.services import NotRecorded, change_status
from organizations.day_input import DayInput
from organizations.meetings.effects import Effect
from organizations.meetings.plan_forms import PlanForm
from organizations.models import Association
from organizations.services import NotPossible


def admit_or_announce(member, *, on, actor, decided_by="", document="", resolution=None):
    """The meeting admits `member`, who applied, from the local date `on`: announced first where that is the rule.

    The association must be locked. Raises NotPossible for who has not applied, and a day in the future.
    """
    if member.status != Status.APPLIED:
        raise NotPossible(
            _("{name} has not applied: the status is “{status}”.").format(
                name=member, status=member.get_status_display()
            )
        )
    if not member.association.notice_days:
        register(member, on=on, actor=actor, decided_by=decided_by, document=document, resolution=resolution)
        return
    application = _application_of(member) or Application(
        association=member.association, name=member.name, member=member, submitted_at=timezone.now()
    )
    if application.state == Application.State.NOTICE:
        raise NotPossible(_("The admission of {name} is announced already.").format(name=member))
    today = timezone.localdate()
    application.announced_on = today
    application.announced_until = today + dt.timedelta(days=member.association.notice_days - 1)
    application.resolution = resolution
    application.state = Application.State.NOTICE
    if resolution is None:
        _note_decision(member, decided_by, document)
    _decide(application, actor)


def register(member, *, on, actor, decided_by="", document="", resolution=None):
    """Make `member`, who applied, a member from the local date `on`, with number and card; return the Member.

    The association must be locked. Raises NotPossible for a day in the future.
    """
    try:
        step = change_status(
            member,
            to=Status.ACTIVE,
            on=on.isoformat(),
            actor=actor,
            decided_by=decided_by,
            document=document,
            resolution=resolution,
        )
    except NotRecorded as error:
        raise NotPossible(str(error)) from error
    member = step.member
    if not member.joined:
        member.joined = on.isoformat()
        member.save(update_fields=["joined"])
    assign_number(member, on=on)
    if not why_no_card(member):
        issue_card(member, actor=actor)
    application = _application_of(member)
    if application is not None:
        application.state = Application.State.ADMITTED
        application.resolution = resolution or application.resolution
        _decide(application, actor)
    return member


def _application_of(member):
    """The application that stands for `member`, locked; None without an open one."""
    rows = Application.objects.select_for_update(of=("self",)).exclude(state__in=Application.CLOSED)
    return rows.filter(member=member).first()


def _note_decision(member, decided_by, document):
    """Who decided, at the step of having applied: until the announcement is over there is no other."""
    step = member.status_changes.filter(status=Status.APPLIED).order_by("pk").last()
    if step is not None:
        step.decided_by, step.document = decided_by, document
        step.save(update_fields=["decided_by", "document"])


def _decide(application, actor):
    application.decided_by = actor
    application.decided_at = timezone.now()
    application.save()
    transaction.on_commit(lambda: emails.send_application_state(application))


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
        # whose admission is announced has been decided on
        applied = applied.exclude(application__state=Application.State.NOTICE)
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
        association = resolution.meeting.body.association
        text = _("{name} becomes a member on {day}")
        if association.notice_days:
            text = _("The admission of {name} is announced for {count} days, then entered")
        lines = [
            text.format(name=member, day=resolution.plan["on"], count=association.notice_days)
            for member in self._members(resolution)
        ]
        if pattern_of(association) is None:
            lines.append(_("Without member numbers: the association has no pattern for them"))
        elif not association.notice_days:
            lines.append(_("Each gets the next member number"))
        return lines

    def carry_out(self, resolution, *, actor):
        on = dt.date.fromisoformat(resolution.plan["on"])
        # in the order in which an import locks: the association, then members
        Association.objects.select_for_update(no_key=True).get(pk=resolution.meeting.body.association_id)
        for member in self._members(resolution):
            admit_or_announce(
                member,
                on=on,
                actor=actor,
                decided_by=str(resolution.meeting)[:100],
                document=resolution.document,
                resolution=resolution,
            )

    def _members(self, resolution):
        people = Member.objects.filter(pk__in=resolution.plan.get("members", ()))
        return list(people.select_related("association").in_stroke_order())
