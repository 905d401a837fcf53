"""Forms of the pages of an election. Two people at one form: the second is told what the first wrote."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.day_input import DayInput
from organizations.elections.counting import Ballots, ballot_faults
from organizations.elections.drafting import electable
from organizations.elections.results import NUMBERS
from organizations.models import Body, Contest, Election, Meeting, Post, Preparation, Scrutineer
from organizations.seen import SeenModelForm

MANY = 9999


class StartForm(forms.Form):
    """What a new election is about."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("election", "Kind"), choices=Election.Kind, widget=forms.RadioSelect
    )
    bodies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Bodies"), queryset=Body.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label=gettext_lazy("Day of the election"), widget=DayInput)
    starts_on = forms.DateField(
        label=gettext_lazy("The elected begin"),
        widget=DayInput,
        help_text=gettext_lazy("First day of the new term; of a by-election the first day in the post."),
    )
    planned_end_on = forms.DateField(
        label=gettext_lazy("The term is planned to end"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("Of a by-election it is that of the running term; leave it empty."),
    )
    name = forms.CharField(
        label=pgettext_lazy("election", "Name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Empty: named after the body and the number of the term."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows = electable(Body.objects.where_may(user, "edit")).select_related("association")
        self.fields["bodies"].queryset = rows
        self.fields["bodies"].label_from_instance = lambda body: (
            f"{body}（{body.association}）" if len({row.association_id for row in rows}) > 1 else str(body)
        )

    def clean_bodies(self):
        bodies = list(self.cleaned_data["bodies"])
        if len({body.association_id for body in bodies}) > 1:
            raise forms.ValidationError(_("Bodies of two associations are elected in two elections."))
        return bodies

    def clean(self):
        cleaned = super().clean()
        day, starts_on, end = (cleaned.get(name) for name in ("day", "starts_on", "planned_end_on"))
        if day and starts_on and starts_on < day:
            self.add_error("starts_on", _("The new term starts before the election."))
        if cleaned.get("kind") == Election.Kind.TERM and "planned_end_on" not in self.errors and not end:
            self.add_error("planned_end_on", _("Say when the new term is planned to end."))
        if starts_on and end and end < starts_on:
            self.add_error("planned_end_on", _("The term is planned to end before it starts."))
        if starts_on and not end:
            # of a by-election: until the running term ends
            terms = [body.terms.in_force_on(starts_on).first() for body in cleaned.get("bodies") or []]
            cleaned["planned_end_on"] = max([starts_on, *(term.planned_end_on for term in terms if term)])
        return cleaned


class SetupForm(SeenModelForm):
    class Meta:
        model = Election
        fields = ["name", "day", "starts_on", "planned_end_on", "extension"]
        widgets = dict.fromkeys(("day", "starts_on", "planned_end_on"), DayInput)
        labels = {"name": pgettext_lazy("election", "Name")}


class PreparationForm(SeenModelForm):
    class Meta:
        model = Preparation
        fields = ["due_on", "done_on", "document", "note"]
        widgets = dict.fromkeys(("due_on", "done_on"), DayInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self._meta.fields:
            # a table of many rows: the headings are no labels for who listens
            self.fields[name].widget.attrs["aria-label"] = (
                f"{self.instance}：{capfirst(self.fields[name].label)}"
            )

    def clean_done_on(self):
        done_on = self.cleaned_data["done_on"]
        if done_on and done_on > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return done_on


class NewPreparationForm(forms.ModelForm):
    class Meta:
        model = Preparation
        fields = ["title", "due_on"]
        widgets = {"due_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True


class ContestForm(SeenModelForm):
    class Meta:
        model = Contest
        fields = ["seats", "electorate", "mode", "majority"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seats"].widget.attrs |= {"min": 1, "max": MANY}
        for name in self.fields:
            # each row has a form of its own as well, for taking the post out
            self.fields[name].widget.attrs["form"] = "contests"
        for name in self._meta.fields:
            self.fields[name].widget.attrs["aria-label"] = (
                f"{self.instance}：{capfirst(self.fields[name].label)}"
            )

    def clean_seats(self):
        seats = self.cleaned_data["seats"]
        if seats != self.initial["seats"] and self.instance.rounds.exists():
            raise forms.ValidationError(_("Votes are counted already: remove the ballots first."))
        if self.instance.post.seats and seats > self.instance.post.seats:
            raise forms.ValidationError(
                _("“{post}” has {seats} seats by the settings of the posts.").format(
                    post=self.instance.post, seats=self.instance.post.seats
                )
            )
        return seats


class NewContestForm(forms.Form):
    post = forms.ModelChoiceField(label=gettext_lazy("Post"), queryset=Post.objects.none())
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=MANY, initial=1)

    def __init__(self, *args, part, **kwargs):
        super().__init__(*args, **kwargs)
        taken = [contest.post_id for contest in part.contests.all()]
        posts = Post.objects.offered_by(part.body).filter(is_retired=False)
        self.fields["post"].queryset = posts.exclude(pk__in=taken)


class MarksForm(SeenModelForm):
    class Meta:
        model = Election
        fields = ["mark_for", "mark_against", "mark_abstain"]


class ScrutineerForm(forms.ModelForm):
    class Meta:
        model = Scrutineer
        fields = ["role", "name"]


class CountForm(forms.Form):
    """What was counted in one ballot: papers, votes of each candidate, names written in."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    LABELS = {
        "entitled": gettext_lazy("Entitled (应到)"),
        "present": gettext_lazy("Present (实到)"),
        "issued": gettext_lazy("Ballots issued"),
        "returned": gettext_lazy("Ballots returned"),
        "valid": gettext_lazy("Valid"),
        "invalid": gettext_lazy("Invalid"),
    }
    WRITE_INS = 3

    def __init__(self, data=None, *, contest, counted, people, usual=None):
        """`counted` is the CountedRound, or None before the first; `people` the members who can be written in.

        `usual` are {name: number} for numbers not known yet.
        """
        ballot = counted.round if counted else None
        initial = {"version": contest.version, "note": ballot.note if ballot else ""}
        super().__init__(data, initial=initial)
        self.contest, self.people = contest, people
        for name in NUMBERS:
            known = getattr(ballot, name) if ballot else None
            self.fields[name] = self._number(
                self.LABELS[name], (usual or {}).get(name) if known is None else known
            )
        self.candidates = (
            [(line.candidate, line.tally) for line in counted.lines]
            if counted
            else [(candidate, None) for candidate in contest.candidates.all()]
        )
        for candidate, tally in self.candidates:
            for name, label in VOTES:
                field = self._number(f"{candidate}：{label}", getattr(tally, name, None))
                self.fields[f"{name}_{candidate.pk}"] = field
        for place in range(self.WRITE_INS):
            name = forms.CharField(
                label=_("Written in, name"),
                max_length=100,
                required=False,
                widget=_labelled(_("Written in, name")),
            )
            self.fields[f"written_{place}"] = name
            self.fields[f"written_votes_{place}"] = self._number(_("Written in, votes for"), None)

    @staticmethod
    def _number(label, initial):
        return forms.IntegerField(
            label=label,
            min_value=0,
            max_value=1_000_000,
            required=False,
            initial=initial,
            widget=forms.NumberInput(attrs={"aria-label": label, "inputmode": "numeric"}),
        )

    def number_fields(self):
        return [self[name] for name in NUMBERS]

    def lines(self):
        """[(candidate, fields of the votes)]."""
        return [
            (candidate, [self[f"{name}_{candidate.pk}"] for name, _label in VOTES])
            for candidate, _tally in self.candidates
        ]

    def written_fields(self):
        return [(self[f"written_{place}"], self[f"written_votes_{place}"]) for place in range(self.WRITE_INS)]

    def clean(self):
        cleaned = super().clean()
        numbers = [cleaned.get(name) for name in NUMBERS]
        if None not in numbers:
            ballots = Ballots(*numbers)
            if ballots.present > ballots.entitled or ballots.valid + ballots.invalid != ballots.returned:
                # facts that cannot be: the others are kept and said on the page
                for sentence in ballot_faults(ballots, quorum=0):
                    self.add_error(None, sentence)
        elif cleaned.get("present") and cleaned.get("entitled") and cleaned["present"] > cleaned["entitled"]:
            self.add_error("present", _("More are present than are entitled."))
        for place in range(self.WRITE_INS):
            self._clean_written(cleaned, place)
        return cleaned

    def _clean_written(self, cleaned, place):
        name, votes = cleaned.get(f"written_{place}", ""), cleaned.get(f"written_votes_{place}")
        if not name:
            if votes is not None:
                self.add_error(f"written_{place}", _("Write whose votes these are."))
            return
        if votes is None:
            self.add_error(f"written_votes_{place}", _("Say how many votes {name} got.").format(name=name))
        found = list(self.people.filter(name=name)[:2]) or list(self.people.filter(number=name)[:2])
        if len(found) != 1:
            self.add_error(
                f"written_{place}",
                _("Several members are called {name}: write the member number instead.").format(name=name)
                if found
                else _("No member is called {name}. Votes for others than members are noted below.").format(
                    name=name
                ),
            )
            return
        cleaned.setdefault("write_ins", []).append((found[0], votes))

    def numbers(self):
        return {name: self.cleaned_data.get(name) for name in NUMBERS}

    def votes(self):
        return {
            candidate.pk: tuple(self.cleaned_data.get(f"{name}_{candidate.pk}") for name, _label in VOTES)
            for candidate, _tally in self.candidates
        }


VOTES = (
    ("in_favour", gettext_lazy("for")),
    ("against", gettext_lazy("against")),
    ("abstained", gettext_lazy("abstained")),
)


def _labelled(label):
    return forms.TextInput(attrs={"aria-label": label, "autocomplete": "off"})


class OfficeForm(SeenModelForm):
    """Where the election was decided: a meeting of `meetings`, with the `text` of its resolution, or in words."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=gettext_lazy("Meeting that elected"),
        required=False,
        help_text=gettext_lazy("With one chosen, its resolution is made along with this step and linked."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text of the resolution"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Only with a meeting chosen. Empty: who was elected, as the votes say."),
    )

    field_order = ["meeting", "text", "basis"]

    class Meta:
        model = Election
        fields = ["basis"]
        help_texts = {
            "basis": gettext_lazy(
                "Without a meeting chosen above: which meeting elected, its number and day."
            )
        }

    def __init__(self, *args, meetings, text="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        self.fields["meeting"].label_from_instance = lambda row: f"{row.on.isoformat()} {row.body} {row}"
        self.initial["text"] = text


class SignedForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Minutes signed on"), widget=DayInput)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return on
