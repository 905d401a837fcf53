"""Forms of donations: one booking with its goods, what the ledger is asked for, what is done with several."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.contributions import donors
from activities.contributions.donating import PUBLISHED, REPORTED, save_donation, void_donation
from activities.contributions.donors import EMPLOYER, MEMBER, OTHER, UNKNOWN, known_to
from activities.contributions.forms import CHOICES_OF_ACTIVITIES, may_enter, past_day
from activities.contributions.receipts import next_receipt
from activities.models import Activity, Campaign, DonatedGoods, Donation
from organizations.bodies.forms import SeenForm, ServiceForm
from organizations.day_input import DayInput
from organizations.meetings.forms import ServiceModelForm
from organizations.models import Association

ROWS_OF_GOODS = 6
MOST_GOODS = 60
KINDS_OF_DONORS = [
    (MEMBER, gettext_lazy("a member")),
    (EMPLOYER, gettext_lazy("an employer of the register")),
    (OTHER, gettext_lazy("somebody else")),
    (UNKNOWN, gettext_lazy("nobody knows who")),
]


class GoodsForm(forms.ModelForm):
    class Meta:
        model = DonatedGoods
        fields = ["name", "specification", "quantity", "unit", "value"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label
            if name in ("quantity", "value"):
                field.widget.attrs |= {"min": "0", "inputmode": "decimal"}

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity <= 0:
            raise ValidationError(_("The quantity is more than 0."))
        return quantity

    def clean_value(self):
        value = self.cleaned_data["value"]
        if value < 0:
            raise ValidationError(_("The value is not negative."))
        return value


class DonationForm(ServiceModelForm):
    """A new booking; its goods are in the formset `goods`."""

    association = forms.ModelChoiceField(Association.objects.none(), label=gettext_lazy("association"))
    donor_kind = forms.ChoiceField(label=pgettext_lazy("donation", "given by"), choices=KINDS_OF_DONORS)
    donor = forms.CharField(
        label=gettext_lazy("name of the donor"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Of a member the name or the member number."),
    )
    assign_number = forms.BooleanField(label=gettext_lazy("give it the next number"), required=False)
    field_order = [
        "association", "kind", "received_on", "donor_kind", "donor", "is_anonymous", "amount", "purpose", "campaign",
        "activity", "receiver", "receipt_number", "assign_number", "reported_on", "published_on", "note",
    ]  # fmt: skip

    class Meta:
        model = Donation
        fields = [
            "kind", "received_on", "is_anonymous", "amount", "purpose", "campaign", "activity", "receiver",
            "receipt_number", "reported_on", "published_on", "note",
        ]  # fmt: skip
        labels = {
            "purpose": pgettext_lazy("donation", "Purpose"),
            "published_on": gettext_lazy("Published on"),
            "reported_on": gettext_lazy("Reported on"),
        }
        widgets = {
            "received_on": DayInput,
            "reported_on": DayInput,
            "published_on": DayInput,
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, *args, user, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.user = user
        self.places = may_enter(user, "activities.change_donation")
        self._offer_places()
        self.fields["amount"].required = False
        self.fields["amount"].widget.attrs |= {"min": "0", "inputmode": "decimal"}
        self.fields["amount"].help_text = _("Of goods: empty, it is the sum of their list.")
        extra = ROWS_OF_GOODS
        rows = self.initial.pop("goods", [])
        formset = forms.inlineformset_factory(
            Donation,
            DonatedGoods,
            form=GoodsForm,
            extra=extra + len(rows),
            max_num=MOST_GOODS,
            validate_max=True,
        )
        self.goods = formset(data, instance=self.instance, prefix="goods", initial=rows)

    def _offer_places(self):
        donation = self.instance
        if donation.pk:
            # what sums and papers were made of stays
            del self.fields["association"], self.fields["kind"]
            places = Association.objects.filter(pk=donation.association_id)
            self.initial |= {"donor_kind": donors.kind_of(donation), "donor": donors.name_in_form(donation)}
            if donation.receipt_number:
                del self.fields["assign_number"], self.fields["receipt_number"]
        else:
            places = self.places
            self.fields["association"].queryset = places
            if len(places) == 1:
                del self.fields["association"]
        if "assign_number" in self.fields and len(places) == 1:
            number = next_receipt(places[0], year=(donation.received_on or timezone.localdate()).year)
            self.fields["assign_number"].help_text = _("At present that is {number}.").format(number=number)
        self.fields["campaign"].queryset = Campaign.objects.filter(association__in=places)
        seen = Activity.objects.visible_to(self.user).filter(association__in=places)
        recent = list(seen.order_by("-starts_at").values_list("pk", flat=True)[:CHOICES_OF_ACTIVITIES])
        chosen = [donation.activity_id] if seen.filter(pk=donation.activity_id).exists() else []
        self.fields["activity"].queryset = Activity.objects.filter(pk__in=[*recent, *chosen])
        self.fields["activity"].label_from_instance = lambda row: f"{row.on:%Y-%m-%d} {row}"
        if donation.activity_id and not chosen:
            # an activity out of sight stays, untold
            del self.fields["activity"]

    def clean_received_on(self):
        return past_day(self.cleaned_data["received_on"])

    def is_valid(self):
        return super().is_valid() and not (self.is_goods and self._refuses_goods())

    def _refuses_goods(self):
        if self.goods.is_valid():
            return False
        self.add_error(None, _("Look at the list of goods."))
        return True

    @property
    def is_goods(self):
        kind = self.instance.kind if self.instance.pk else self.cleaned_data.get("kind")
        return kind == Donation.Kind.GOODS

    def clean(self):
        data = super().clean()
        association = self.instance.association if self.instance.pk else self._chosen(data)
        if association is None:
            return data
        self.instance.association = association
        self._clean_donor(data, association)
        self._clean_amount(data)
        return data

    def _chosen(self, data):
        return data.get("association") if "association" in self.fields else self.places[0]

    def _clean_donor(self, data, association):
        kind, text = data.get("donor_kind"), data.get("donor", "")
        if kind is None or "donor" in self.errors:
            return
        same = {"donor_kind": kind, "donor": text}
        if self.instance.pk and all(self.initial[name] == value for name, value in same.items()):
            return
        try:
            found = donors.named_donor(kind, text, association=association, user=self.user)
        except ValidationError as error:
            self.add_error("donor", error)
            return
        for name, value in found.items():
            setattr(self.instance, name, value)
        if kind == UNKNOWN:
            data["is_anonymous"] = True

    def _clean_amount(self, data):
        amount = data.get("amount")
        if "amount" in self.errors:
            return
        if not self.is_goods:
            if amount is None:
                self.add_error("amount", _("Write the amount."))
            elif amount <= 0:
                self.add_error("amount", _("A donation is worth more than 0 yuan."))
            if self.goods.has_changed():
                self.add_error("kind" if "kind" in self.fields else None, _("Cash has no list of goods."))
            return
        if not self.goods.is_valid():
            return
        total = sum(item["value"] for item in self._rows_of_goods())
        if not total:
            self.add_error(None, _("List the goods with their value."))
        elif amount is not None and amount != total:
            self.add_error(
                "amount",
                _("The goods come to {total} yuan. Empty, it is taken from the list.").format(total=total),
            )
        data["amount"] = total or None

    def _rows_of_goods(self):
        return [
            row.cleaned_data
            for row in self.goods.forms
            if row.cleaned_data.get("name") and not row.cleaned_data.get("DELETE")
        ]

    def save(self):
        goods, removed = [], []
        if self.is_goods:
            self.goods.instance = self.instance
            kept = self.goods.save(commit=False)
            removed = self.goods.deleted_objects
            gone = {item.pk for item in [*kept, *removed]}
            goods = [
                *kept,
                *(row.instance for row in self.goods.initial_forms if row.instance.pk not in gone),
            ]
        return save_donation(
            self.instance, goods=goods, removed=removed, assign=self.cleaned_data.get("assign_number", False)
        )


class SeenDonationForm(SeenForm, DonationForm):
    """The form of a booking that exists."""


class VoidForm(ServiceForm):
    reason = forms.CharField(label=gettext_lazy("why voided"), max_length=200)

    def __init__(self, *args, donation, **kwargs):
        super().__init__(*args, **kwargs)
        self.donation = donation

    def save(self):
        return void_donation(self.donation, reason=self.cleaned_data["reason"])


class NoteDayForm(forms.Form):
    """That the donations ticked were reported or published on a day."""

    column = forms.ChoiceField(choices=[(REPORTED, ""), (PUBLISHED, "")])
    on = forms.DateField(label=gettext_lazy("day"), initial=timezone.localdate, widget=DayInput)

    def clean_on(self):
        return past_day(self.cleaned_data["on"])


class LedgerFilter(forms.Form):
    """Which donations the ledger shows; a value that is none narrows nothing."""

    q = forms.CharField(label=pgettext_lazy("donations", "Search"), max_length=60, required=False)
    association = forms.ModelChoiceField(
        Association.objects.none(), label=gettext_lazy("Association"), required=False
    )
    year = forms.IntegerField(
        label=pgettext_lazy("contributions", "Year"),
        required=False,
        min_value=1900,
        max_value=2199,
        widget=forms.NumberInput(attrs={"size": 5}),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("donation", "kind"), required=False)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=gettext_lazy("campaign"),
        required=False,
        empty_label=gettext_lazy("All campaigns"),
    )
    tied = forms.ChoiceField(label=pgettext_lazy("donation", "Purpose"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        self.user = user
        rows = user.rights.association_rows
        self.fields["q"].widget.attrs["placeholder"] = _("Donor, purpose, receipt, goods …")
        if len(rows) < 2:
            del self.fields["association"]
        else:
            places = Association.objects.filter(pk__in=[row.pk for row in rows])
            self.fields["association"].queryset = places
            self.fields["association"].empty_label = _("All in sight")
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user)
        self.fields["kind"].choices = [("", _("Cash and goods")), *Donation.Kind.choices]
        self.fields["tied"].choices = [
            ("", _("Tied or not")),
            ("yes", _("tied to a purpose (定向)")),
            ("no", _("not tied (非定向)")),
        ]

    @property
    def asked(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def narrowed(self, rows):
        asked = self.asked
        if "association" in asked:
            rows = rows.filter(association__path__startswith=asked["association"].path)
        if "year" in asked:
            rows = rows.filter(received_on__year=asked["year"])
        for name in ("kind", "campaign"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if "tied" in asked:
            rows = rows.filter(purpose="") if asked["tied"] == "no" else rows.exclude(purpose="")
        return self._searched(rows, asked["q"]) if "q" in asked else rows

    def _searched(self, rows, text):
        """Donors are found by who may know them alone."""
        goods = DonatedGoods.objects.filter(name__icontains=text).order_by().values("donation")
        donor = (
            Q(member__name__icontains=text)
            | Q(employer__name__icontains=text)
            | Q(donor_name__icontains=text)
        )
        return rows.filter(
            Q(purpose__icontains=text)
            | Q(receiver__icontains=text)
            | Q(receipt_number__icontains=text)
            | Q(pk__in=goods)
            | (known_to(self.user) & donor)
        )


class ExportForm(forms.Form):
    """Whether the file names those who wished to stay unnamed, and what for."""

    with_names = forms.BooleanField(
        label=gettext_lazy("Name those who wished to stay unnamed too."), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For whom and what for. It is kept in the log of exports."),
    )

    def clean(self):
        data = super().clean()
        if data.get("with_names") and not data.get("reason"):
            self.add_error("reason", _("The file will hold personal data: say for whom and what for."))
        return data
