"""What carrying out a resolution does, by its kind. Apps add further kinds when they are ready.

An effect reads and writes `Resolution.plan`, a dict of JSON that its form makes: ids and texts, days in ISO form.
"""

import datetime as dt

from django.utils.translation import gettext as _

from organizations.meetings.plan_forms import AppointForm, DissolveForm, EndForm, EstablishForm
from organizations.models import Appointment, Body, Post, Resolution
from organizations.models.appointments import all_members
from organizations.partial_dates import dotted
from organizations.services import NotPossible, appoint, dissolve_body, end_appointment, establish_body

EFFECTS = {}


class Effect:
    """What resolutions of one kind change. Each method takes the Resolution, with its plan in `plan`."""

    form = None
    """A form class: `form(data, resolution=…, user=…)`, whose `plan()` gives the plan after `is_valid()`."""

    refusal = ""
    """What is said to who may edit the meeting and yet not do this."""

    def may(self, user, resolution):
        """Whether `user`, who may edit the meeting, may write what the plan touches; without a plan, plan at all."""
        raise NotImplementedError

    def may_see(self, user, resolution):
        """Whether `user`, who sees the meeting, sees all that the plan names too."""
        return True

    def lines(self, resolution):
        """The plan in sentences for people, one for each thing that will be done."""
        raise NotImplementedError

    def compared(self, resolution):
        """What changes side by side, where that is read better than sentences: [charter.amending.Compared]."""
        return []

    def carry_out(self, resolution, *, actor):
        """Do it, through the services. Raises NotPossible in a sentence."""
        raise NotImplementedError


def add_effect(kind, effect):
    """Let resolutions of `kind` (a Resolution.Kind) do what `effect`, an Effect, says."""
    EFFECTS[kind] = effect


def effect_of(resolution):
    """The Effect of the kind of `resolution`, None where carrying it out changes nothing in the register."""
    return EFFECTS.get(resolution.kind)


def _members(ids):
    """[member] in the order of `ids`."""
    people = all_members().in_bulk(ids)
    return [people[pk] for pk in ids if pk in people]


def _day(text):
    return dt.date.fromisoformat(text)


class Appointing(Effect):
    """Plan: {"body", "post", "members": [ids], "starts_on", "how", "is_acting"}."""

    form = AppointForm

    def may(self, user, resolution):
        return _may_edit(user, resolution.plan.get("body"))

    def may_see(self, user, resolution):
        return Body.objects.visible_to(user).filter(pk=resolution.plan["body"]).exists()

    def lines(self, resolution):
        plan = resolution.plan
        post = Post.objects.get(pk=plan["post"])
        how = Appointment.How(plan["how"]).label
        text = _("{name}: “{post}” of “{body}” from {day} on ({how})")
        if plan["is_acting"]:
            text = _("{name}: acting “{post}” of “{body}” from {day} on ({how})")
        body = Body.objects.get(pk=plan["body"])
        return [
            text.format(name=member, post=post, body=body, day=plan["starts_on"], how=how)
            for member in _members(plan["members"])
        ]

    def carry_out(self, resolution, *, actor):
        plan = resolution.plan
        post, body = Post.objects.get(pk=plan["post"]), Body.objects.get(pk=plan["body"])
        for member in _members(plan["members"]):
            appoint(
                member, post=post, body=body, starts_on=_day(plan["starts_on"]), how=plan["how"],
                is_acting=plan["is_acting"], basis=resolution.basis, decided_by=resolution,
            )  # fmt: skip


class Ending(Effect):
    """Plan: {"appointments": [ids], "on": last day, "reason"}."""

    form = EndForm

    def _rows(self, resolution):
        rows = Appointment.objects.filter(pk__in=resolution.plan.get("appointments", ()))
        return rows.select_related("member", "post", "body").order_by("pk")

    def may(self, user, resolution):
        return all(_may_edit(user, row.body_id) for row in self._rows(resolution))

    def may_see(self, user, resolution):
        rows = self._rows(resolution)
        return rows.visible_to(user).count() == rows.count()

    def lines(self, resolution):
        reason = Appointment.EndReason(resolution.plan["reason"]).label
        return [
            _("{name} ceases to be “{post}” of “{body}”, last day {day} ({reason})").format(
                name=row.member, post=row.post, body=row.body, day=resolution.plan["on"], reason=reason
            )
            for row in self._rows(resolution)
        ]

    def carry_out(self, resolution, *, actor):
        plan = resolution.plan
        for row in self._rows(resolution):
            if row.is_void or (row.ends_on and row.ends_on <= _day(plan["on"])):
                raise NotPossible(
                    _("{name} is no longer “{post}” on {day}.").format(
                        name=row.member, post=row.post, day=plan["on"]
                    )
                )
            end_appointment(
                row, on=_day(plan["on"]), reason=plan["reason"], basis=resolution.basis, ended_by=resolution
            )


class Establishing(Effect):
    """Plan: {"kind", "name", "parent": id or None, "on": partial date}."""

    form = EstablishForm

    def may(self, user, resolution):
        association = resolution.meeting.body.association_id
        return user.has_perm("organizations.add_body") and user.rights.may("edit", association)

    def lines(self, resolution):
        plan = resolution.plan
        return [
            _("“{name}” ({kind}) is established on {day}").format(
                name=plan["name"], kind=Body.Kind(plan["kind"]).label, day=dotted(plan["on"])
            )
        ]

    def carry_out(self, resolution, *, actor):
        plan = resolution.plan
        establish_body(
            resolution.meeting.body.association, kind=plan["kind"], name=plan["name"], parent_id=plan["parent"],
            established_on=plan["on"], basis=resolution.basis, established_by=resolution,
        )  # fmt: skip


class Dissolving(Effect):
    """Plan: {"body", "on": last day}."""

    form = DissolveForm

    def may(self, user, resolution):
        return _may_edit(user, resolution.plan.get("body"))

    def may_see(self, user, resolution):
        return Body.objects.visible_to(user).filter(pk=resolution.plan["body"]).exists()

    def lines(self, resolution):
        body = Body.objects.get(pk=resolution.plan["body"])
        on = _day(resolution.plan["on"])
        lines = [_("“{body}” is dissolved, last day {day}").format(body=body, day=on.isoformat())]
        running = Appointment.objects.in_force_on(on).filter(body=body).select_related("member", "post")
        lines += [
            _("{name} ceases to be “{post}” with it").format(name=row.member, post=row.post)
            for row in running.in_order_of_rank()
        ]
        return lines

    def carry_out(self, resolution, *, actor):
        body = Body.objects.get(pk=resolution.plan["body"])
        if body.dissolved_on:
            raise NotPossible(_("“{body}” was dissolved on {day}.").format(body=body, day=body.dissolved_on))
        on = _day(resolution.plan["on"])
        dissolve_body(body, on=on, basis=resolution.basis)
        body.refresh_from_db()
        body.dissolved_by = resolution
        body.save(update_fields=["dissolved_by"])
        for row in body.appointments.filter(ends_on=on, end_reason=Appointment.EndReason.DISSOLVED):
            row.ended_by = resolution
            row.save(update_fields=["ended_by"])


def _may_edit(user, body):
    """Whether `user` may edit the body with that id; without one, any body at all."""
    bodies = Body.objects.where_may(user, "edit")
    return bodies.filter(pk=body).exists() if body else bodies.exists()


add_effect(Resolution.Kind.APPOINT, Appointing())
add_effect(Resolution.Kind.END_APPOINTMENT, Ending())
add_effect(Resolution.Kind.ESTABLISH, Establishing())
add_effect(Resolution.Kind.DISSOLVE, Dissolving())
