"""Forms that plan what carrying out a resolution does; each gives the plan that its effect reads (effects.py)."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.day_input import DayInput
from organizations.models import Appointment, Body, Post
from organizations.models.appointments import all_members
from organizations.partial_dates import PartialDateField

# people named in one resolution: a council elected at once is smaller
MOST_PEOPLE = 500


class PlanForm(forms.Form):
    """Base of the forms: knows the resolution, whom it belongs to, and what its user may touch."""

    def __init__(self, data=None, *, resolution, user, **kwargs):
        self.resolution, self.user = resolution, user
        self.meeting = resolution.meeting
        self.association_id = self.meeting.body.association_id
        super().__init__(data, initial=self.initial_of(resolution.plan), **kwargs)

    def initial_of(self, plan):
        """Initial values of the fields: those of the `plan`, the day of the meeting where there is none."""
        return {"on": self.meeting.on, "starts_on": self.meeting.on, **plan}

    def bodies(self):
        """Bodies of the association that the user may edit, as they are on the day of the meeting."""
        bodies = Body.objects.where_may(self.user, "edit").existing_on(self.meeting.on)
        return bodies.filter(association=self.association_id)

    def plan(self):
        raise NotImplementedError


def members_named(text, *, association_id, user):
    """The members whom the lines of `text` name, one a line by name or number, in order.

    Raises ValidationError naming each line that is nobody, or several people; only members in sight of `user` count.
    """
    wanted = [part.strip() for part in re.split(r"[\n,，;；、]+", text) if part.strip()]
    if len(wanted) > MOST_PEOPLE:
        raise ValidationError(gettext("At most {most} people in one resolution.").format(most=MOST_PEOPLE))
    people = all_members()
    people = people.visible_to(user).filter(association=association_id)
    found = {}
    for member in people.filter(name__in=wanted):
        found.setdefault(member.name, []).append(member)
    for member in people.filter(number__in=wanted).exclude(number=""):
        found.setdefault(member.number, []).append(member)
    members, errors = [], []
    for name in dict.fromkeys(wanted):
        several = found.get(name, [])
        if not several:
            errors.append(gettext("“{name}”: no member of this name or number.").format(name=name))
        elif len(several) > 1:
            numbers = "、".join(member.number or gettext("without a number") for member in several)
            errors.append(
                gettext("“{name}” are {count} members: write the member number instead ({numbers}).").format(
                    name=name, count=len(several), numbers=numbers
                )
            )
        else:
            members.append(several[0])
    if errors:
        raise ValidationError(errors)
    return members


class PostChoice(forms.ModelChoiceField):
    """Posts with the kind of body that offers them."""

    def label_from_instance(self, post):
        return f"{post.get_body_kind_display()}：{post.title}"


class AppointForm(PlanForm):
    body = forms.ModelChoiceField(Body.objects.none(), label=_("body"))
    post = PostChoice(Post.objects.none(), label=_("post"))
    members = forms.CharField(
        label=_("members"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: name or member number."),
    )
    starts_on = forms.DateField(label=_("in office from"), widget=DayInput())
    how = forms.ChoiceField(label=_("how"), choices=Appointment.How)
    is_acting = forms.BooleanField(label=_("acting"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies = self.bodies()
        self.fields["post"].queryset = Post.objects.filter(
            association=self.association_id, is_retired=False, body_kind__in=bodies.values("kind")
        )

    def initial_of(self, plan):
        values = super().initial_of({"body": self.meeting.body_id, **plan})
        if plan:
            people = all_members().in_bulk(plan["members"])
            values["members"] = "\n".join(people[pk].name for pk in plan["members"] if pk in people)
        return values

    def clean_members(self):
        text = self.cleaned_data["members"]
        return members_named(text, association_id=self.association_id, user=self.user)

    def clean(self):
        data = super().clean()
        body, post = data.get("body"), data.get("post")
        if body and post and post.body_kind != body.kind:
            self.add_error("post", gettext("“{body}” has no post “{post}”.").format(body=body, post=post))
        return data

    def plan(self):
        data = self.cleaned_data
        return {
            "body": data["body"].pk,
            "post": data["post"].pk,
            "members": [member.pk for member in data["members"]],
            "starts_on": data["starts_on"].isoformat(),
            "how": data["how"],
            "is_acting": data["is_acting"],
        }


class SeatChoice(forms.ModelMultipleChoiceField):
    """Appointments as `name, post (body)`."""

    def label_from_instance(self, row):
        return f"{row.member} {row.post}（{row.body}）"


class EndForm(PlanForm):
    appointments = SeatChoice(
        Appointment.objects.none(), label=_("appointments"), widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(label=_("last day"), widget=DayInput())
    reason = forms.ChoiceField(label=_("reason for the end"), choices=Appointment.EndReason)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        running = Appointment.objects.in_force_on(self.meeting.on).filter(body__in=self.bodies())
        running = running.select_related("member", "post", "body")
        self.fields["appointments"].queryset = running.order_by(
            "body", "post__rank", "post", "member__stroke_key", "pk"
        )

    def initial_of(self, plan):
        return super().initial_of({"reason": Appointment.EndReason.RESIGNED, **plan})

    def plan(self):
        data = self.cleaned_data
        return {
            "appointments": sorted(row.pk for row in data["appointments"]),
            "on": data["on"].isoformat(),
            "reason": data["reason"],
        }


class EstablishForm(PlanForm):
    kind = forms.ChoiceField(label=pgettext_lazy("body", "kind"), choices=Body.Kind)
    name = forms.CharField(label=_("name"), max_length=100)
    parent = forms.ModelChoiceField(
        Body.objects.none(), label=pgettext_lazy("body", "belongs to"), required=False
    )
    on = PartialDateField(_("established")).formfield(required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = self.bodies()

    def initial_of(self, plan):
        values = super().initial_of(plan)
        return {**values, "on": plan.get("on") or self.meeting.on.isoformat()}

    def clean(self):
        data = super().clean()
        if not self.errors:
            body = Body(
                association=self.meeting.body.association,
                kind=data["kind"],
                name=data["name"],
                parent=data["parent"],
                established_on=data["on"],
            )
            try:
                body.full_clean()
            except ValidationError as error:
                raise ValidationError(error.messages) from error
        return data

    def plan(self):
        data = self.cleaned_data
        parent = data["parent"] and data["parent"].pk
        return {"kind": data["kind"], "name": data["name"], "parent": parent, "on": data["on"]}


class DissolveForm(PlanForm):
    body = forms.ModelChoiceField(Body.objects.none(), label=_("body"))
    on = forms.DateField(label=_("last day"), widget=DayInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = self.bodies().filter(dissolved_on="")

    def plan(self):
        return {"body": self.cleaned_data["body"].pk, "on": self.cleaned_data["on"].isoformat()}
