"""Resolutions that change the charter: carried out, each writes new versions of rules, which link back to it."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.forms import RuleForm
from organizations.charter.kinds import Group
from organizations.charter.rulebook import Rule, default_rule, rules_on, versions, with_version
from organizations.meetings.effects import Effect
from organizations.models import CharterRule
from organizations.services import NotPossible

MANAGE = "manage"
# what a plan keeps of a version besides the kind of rule, the numbers and the day
FIELDS = ("severity", "article", "source", "is_active", "note")


def _name(row):
    """How forms name a rule: `age_limit-council`; `row` has a kind and a kind of body."""
    return f"{row.kind}-{row.body_kind}"


def _choice(resolution):
    """The field that chooses a rule of the association, by groups."""
    groups = {}
    for rule in rules_on(resolution.meeting.body.association, resolution.meeting.on):
        groups.setdefault(Group(rule.kind.group).label, []).append(("-".join(rule.key), rule.title))
    choices = [("", "---------"), *groups.items()]
    return forms.ChoiceField(label=gettext_lazy("rule to change"), choices=choices)


class ChooseForm(forms.Form):
    """The first step: which rule changes; or which of those planned are left as they are after all."""

    button = gettext_lazy("Next step")

    def __init__(self, data, *, resolution):
        super().__init__(data, label_suffix="")
        self.resolution, self.planned = resolution, planned(resolution)
        self.fields["which"] = _choice(resolution)
        if self.planned:
            self.fields["which"].required = False
            self.fields["leave_out"] = forms.MultipleChoiceField(
                label=gettext_lazy("take out of the plan"),
                choices=[(_name(row), str(row)) for row in self.planned],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def clean(self):
        data = super().clean()
        if self.planned and not self.errors and not data["leave_out"]:
            raise ValidationError(_("Choose a rule to change, or one to take out of the plan."))
        return data

    def plan(self):
        """The plan without the rules that are left as they are."""
        return plan_of(row for row in self.planned if _name(row) not in self.cleaned_data["leave_out"])


class ChangeForm(RuleForm):
    """The second step: the new version of the rule, as the rule's own page asks for it."""

    button = gettext_lazy("Note the plan")
    numbers_of = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data, *, resolution, rule, instance):
        name = _name(instance)
        super().__init__(data, rule=rule, instance=instance, initial={"which": name, "numbers_of": name})
        self.resolution = resolution
        self.fields["which"] = _choice(resolution)
        self.fields["which"].help_text = gettext_lazy("With another rule its numbers are asked for next.")
        self.order_fields(["which"])

    def plan(self):
        """The plan with this version, in place of one of the same rule."""
        others = [row for row in planned(self.resolution) if _name(row) != _name(self.instance)]
        return plan_of([*others, self.instance])


def planned(resolution):
    """The versions that the plan of `resolution` says, not saved: [CharterRule]."""
    return [
        CharterRule(
            association=resolution.meeting.body.association,
            decided_by=resolution,
            **each | {"valid_from": dt.date.fromisoformat(each["valid_from"])},
        )
        for each in resolution.plan.get("rules", ())
    ]


def plan_of(rows):
    """The plan that says `rows` (CharterRule); {} without any."""
    rules = [
        {
            "kind": row.kind,
            "body_kind": row.body_kind,
            "parameters": row.parameters,
            "valid_from": row.valid_from.isoformat(),
            **{name: getattr(row, name) for name in FIELDS},
        }
        for row in rows
    ]
    return {"rules": rules} if rules else {}


@dataclass(frozen=True)
class Compared:
    """A rule before and after: what held on the day before `since`, and what holds from `since` on."""

    since: dt.date
    before: Rule
    after: Rule


class Amending(Effect):
    """Plan: {"rules": [{"kind", "body_kind", "parameters", "valid_from" and the FIELDS of a CharterRule}]}."""

    refusal = gettext_lazy(
        "Rules of the charter are changed by who manages the association: ask them to plan and carry this out."
    )

    def form(self, data, *, resolution, user):
        """The step that `data` has come to; a rule just chosen is shown as it stands, or as the plan has it."""
        which = data.get("which", "") if data else ""
        kind, _dash, body_kind = which.partition("-")
        default = default_rule(kind, body_kind)
        if default is None:
            return ChooseForm(data, resolution=resolution)
        association = resolution.meeting.body.association
        instance = next((row for row in planned(resolution) if _name(row) == which), None)
        if instance is not None:
            rule = with_version(default, instance)
        else:
            rule = versions(association, kind, body_kind)[0].rule
            instance = CharterRule(
                association=association, kind=kind, body_kind=body_kind, valid_from=resolution.meeting.on
            )
        typed = data if data.get("numbers_of") == which else None
        return ChangeForm(typed, resolution=resolution, rule=rule, instance=instance)

    def may(self, user, resolution):
        may = user.has_perm("organizations.change_charterrule")
        return may and user.rights.may(MANAGE, resolution.meeting.body.association_id)

    def may_see(self, user, resolution):
        may = user.has_perm("organizations.view_charterrule")
        return may and resolution.meeting.body.association_id in user.rights.associations

    def lines(self, resolution):
        return [
            _("“{rule}” from {day} on: {sentence}").format(
                rule=row, day=row.valid_from.isoformat(), sentence=self._after(row).sentence
            )
            for row in planned(resolution)
        ]

    def compared(self, resolution):
        own, found = resolution.meeting.body.association.charter_rules.order_by("-valid_from"), []
        for row in planned(resolution):
            earlier = (each for each in own if _name(each) == _name(row) and each.valid_from < row.valid_from)
            before = with_version(default_rule(row.kind, row.body_kind), next(earlier, None))
            found.append(Compared(row.valid_from, before, self._after(row)))
        return found

    def carry_out(self, resolution, *, actor):
        for row in planned(resolution):
            try:
                row.full_clean()
                with transaction.atomic():
                    row.save()
            except ValidationError as error:
                raise NotPossible(
                    _("{rule}: {why}").format(rule=row, why=" ".join(error.messages))
                ) from error
            except IntegrityError as error:  # somebody wrote one at the same moment
                why = _("A version of this rule begins on that day already.")
                raise NotPossible(_("{rule}: {why}").format(rule=row, why=why)) from error

    def _after(self, row):
        return with_version(default_rule(row.kind, row.body_kind), row)
