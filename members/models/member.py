import datetime as dt
import functools
import operator
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import codes, crypto, identity
from members.pinyin import romanise
from members.rights import Ability, FieldClass
from members.search import Wanted, forms, names_hold
from organizations.models import Appointment, Recorded
from organizations.partial_dates import MonthDay, PartialDateField, date_check
from organizations.strokes import KEY_LENGTH, stroke_key

ID_COLUMN = "member.id_number"
# a suspended member keeps the membership (domain.md E4)
IN_FORCE = (codes.Status.ACTIVE, codes.Status.SUSPENDED)
LEFT = (
    codes.Status.WITHDRAWN,
    codes.Status.EXPELLED,
    codes.Status.DECEASED,
    codes.Status.TRANSFERRED,
)


# stands for the name of who was taken out of the record (members/retention)
ANONYMOUS = "（已匿名）"

# what the place in the order of strokes depends on
ORDERED_BY = frozenset({"name", "sort_name", "association"})

# a column that may be empty is empty by itself in the database too: an import writes the columns of its file only
OPTIONAL = {"blank": True, "default": "", "db_default": ""}


class EmployerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(association__in=user.rights.associations)


class Employer(Recorded):
    """A work unit of members, once by name in an association.

    Kind and code are the employer's own; a member's record states them too, as rosters do, since people without an
    employer (freelancers) have a kind as well.
    """

    association = models.ForeignKey(
        "organizations.Association",
        models.PROTECT,
        db_index=False,  # the unique name begins with it
        related_name="employers",
        verbose_name=_("association"),
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind of employer"), max_length=100, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "name"],
                name="employer_once_by_name",
                violation_error_message=_("This association has an employer of that name already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="employer_has_a_name"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.uscc:
            try:
                self.uscc = identity.read_credit_code(self.uscc)
            except identity.InvalidNumber as error:
                raise ValidationError(
                    {
                        "uscc": _(
                            "This is not a unified social credit code: a character or the check is wrong."
                        )
                    }
                ) from error


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Members of the associations in which `user` may read, and the user's own record (design §4).

        Who holds a role in one body alone sees those who ever sat in it.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(self._read_by(user) | Q(user=user))

    def staff_visible_to(self, user):
        """As `visible_to`, less the own record: what the staff screens list."""
        return self.filter(self._read_by(user))

    @staticmethod
    def _read_by(user):
        rows = Q(association__in=user.rights.associations)
        if user.rights.bodies:
            seated = Appointment.objects.valid().filter(body__in=user.rights.bodies)
            rows |= Q(pk__in=seated.values("member"))
        return rows

    def editable_by(self, user):
        """Members of the associations in which `user` may edit, less anonymised records: nobody writes those."""
        return self.named().filter(association__in=user.rights.associations_for(Ability.EDIT))

    def named(self):
        """Members whose record tells who they are: those not anonymised."""
        return self.filter(anonymised_on=None)

    def in_force_on(self, day):
        """Members whose status on the local date `day` counts as membership.

        Today that is the status of the record. On an earlier day it is the last step up to that day: a step known to
        the month or year only counts from its first day, one without a date from the beginning; who has no step up
        to then was no member yet.
        """
        if day >= timezone.localdate():
            return self.filter(status__in=IN_FORCE)
        return self.filter(
            pk__in=StatusChange.objects.last_until(day).filter(status__in=IN_FORCE).values("member")
        )

    def left_before(self, day):
        """Members who had left the association before the local date `day`; they were in it on the day of leaving.

        A step of leaving without a date counts from the beginning, unless another follows it.
        """
        today = timezone.localdate()
        if day < today:
            before = day - dt.timedelta(days=1)
            return self.filter(
                pk__in=StatusChange.objects.last_until(before).filter(status__in=LEFT).values("member")
            )
        gone = self.filter(status__in=LEFT)
        if day == today:
            leaving = StatusChange.objects.filter(status__in=LEFT, on=today.isoformat())
            gone = gone.exclude(pk__in=leaving.values("member"))
        return gone

    def in_directory_for(self, user):
        """Members whom `user` finds in the members' directory: of the own association, who agreed to be listed.

        Read by members in force alone; of associations above and below nobody is listed, since the consent is given
        to the own one. Whoever withdraws, leaves, dies or is anonymised is out of it at once. Of each member the
        reader may see only what members/portal/directory.py gives.
        """
        from members.models.privacy import Consent  # that module builds on this one

        if not user.is_authenticated:
            return self.none()
        day = timezone.localdate()
        readers = Member.objects.in_force_on(day).filter(user=user, anonymised_on=None)
        listed = Consent.objects.in_force().filter(purpose=Consent.Purpose.DIRECTORY)
        return self.in_force_on(day).filter(
            association__in=readers.values("association"),
            anonymised_on=None,
            pk__in=listed.values("member"),
        )

    def in_stroke_order(self):
        """In the order of strokes of the names, by the convention of each one's association (domain.md E2)."""
        return self.order_by("stroke_key", "id")

    def search(self, text, user):
        """Members with `text` in name, pinyin, initials, number, employer or mobile: members/search.py says how.

        `text` is what somebody typed; blanks alone leave all members. A mobile number is searched only in rows whose
        contact data `user` reads (members/rights.py). Call it last, on what else is asked for: it looks at the first
        rows to choose the quicker way.
        """
        wanted = Wanted(text, user.rights.associations_showing(FieldClass.CONTACT))
        return wanted.narrow(self.named(), Employer.objects.all()) if wanted.forms else self

    def search_names(self, text):
        """Members with `text` in name, pinyin, initials or employer alone, the columns of the members' directory."""
        return self.named().filter(names_hold(text)) if forms(text) else self


def _one_of(field, choices):
    """The check that `field` is blank or a value of `choices`.

    A chain of comparisons: for an IN list SQLite builds a table anew for every row it checks.
    """
    return models.CheckConstraint(
        condition=functools.reduce(operator.or_, (Q(**{field: value}) for value in ["", *choices.values])),
        name=f"member_{field}_known",
        violation_error_message=_("This is not a value of the list."),
    )


class Member(Recorded):
    """A person in the register. Fields are named as in the roster contract (README glossary)."""

    association = models.ForeignKey(
        "organizations.Association",
        models.PROTECT,
        db_index=False,  # several indexes begin with it
        related_name="members",
        verbose_name=_("association"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="member",
        verbose_name=_("account"),
    )
    number = models.CharField(_("member number"), max_length=50, **OPTIONAL)

    name = models.CharField(_("name"), max_length=100)
    former_name = models.CharField(_("former name"), max_length=100, **OPTIONAL)
    sex = models.CharField(_("sex"), max_length=1, choices=codes.Sex, **OPTIONAL)
    birth = PartialDateField(_("born"), **OPTIONAL)
    ethnicity = models.CharField(_("ethnic group"), max_length=20, choices=codes.Ethnicity, **OPTIONAL)
    native_place = models.CharField(_("native place"), max_length=100, **OPTIONAL)
    political_status = models.CharField(
        _("political status"), max_length=20, choices=codes.PoliticalStatus, **OPTIONAL
    )
    second_party = models.CharField(
        _("second party"), max_length=20, choices=codes.PoliticalStatus, **OPTIONAL
    )
    party_joined = PartialDateField(_("joined party"), **OPTIONAL)
    id_kind = models.CharField(_("kind of document"), max_length=20, choices=codes.IdKind, **OPTIONAL)
    id_sealed = models.BinaryField(null=True, editable=False)
    id_digest = models.CharField(max_length=crypto.DIGEST, null=True, editable=False)  # noqa: DJ001 - null with id_sealed

    education = models.CharField(_("education"), max_length=20, choices=codes.Education, **OPTIONAL)
    degree = models.CharField(_("degree"), max_length=100, **OPTIONAL)
    school = models.CharField(_("school"), max_length=200, **OPTIONAL)
    major = models.CharField(_("major"), max_length=200, **OPTIONAL)
    full_time_education = models.CharField(
        _("full-time education"), max_length=20, choices=codes.Education, **OPTIONAL
    )
    full_time_degree = models.CharField(_("full-time degree"), max_length=100, **OPTIONAL)
    full_time_school = models.CharField(_("full-time school and major"), max_length=400, **OPTIONAL)
    in_service_education = models.CharField(
        _("in-service education"), max_length=20, choices=codes.Education, **OPTIONAL
    )
    in_service_degree = models.CharField(_("in-service degree"), max_length=100, **OPTIONAL)
    in_service_school = models.CharField(_("in-service school and major"), max_length=400, **OPTIONAL)
    title = models.CharField(_("professional title"), max_length=200, **OPTIONAL)
    title_level = models.CharField(_("title level"), max_length=10, choices=codes.TitleLevel, **OPTIONAL)
    qualification = models.CharField(_("practising qualification"), max_length=200, **OPTIONAL)

    employer = models.ForeignKey(
        Employer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("employer"),
    )
    position = models.CharField(_("position"), max_length=200, **OPTIONAL)
    employer_kind = models.CharField(_("kind of employer"), max_length=100, **OPTIONAL)
    employer_uscc = models.CharField(_("employer's unified social credit code"), max_length=18, **OPTIONAL)
    category = models.CharField(_("category"), max_length=40, choices=codes.Category, **OPTIONAL)
    occupation = models.CharField(_("occupation"), max_length=100, **OPTIONAL)
    work_started = PartialDateField(_("started work"), **OPTIONAL)

    mobile = models.CharField(_("mobile"), max_length=30, **OPTIONAL)
    second_mobile = models.CharField(_("second mobile"), max_length=30, **OPTIONAL)
    office_phone = models.CharField(_("office telephone"), max_length=40, **OPTIONAL)
    email = models.EmailField(_("e-mail"), **OPTIONAL)
    wechat = models.CharField(_("WeChat"), max_length=100, **OPTIONAL)
    address = models.CharField(_("address"), max_length=300, **OPTIONAL)
    township = models.CharField(_("township"), max_length=100, **OPTIONAL)

    social_posts = models.TextField(_("public posts"), max_length=4000, **OPTIONAL)
    honours = models.TextField(_("honours"), max_length=4000, **OPTIONAL)
    association_posts = models.CharField(_("posts in the association"), max_length=400, **OPTIONAL)
    joined = PartialDateField(_("joined"), **OPTIONAL)
    status = models.CharField(
        pgettext_lazy("membership", "status"),
        max_length=10,
        choices=codes.Status,
        default=codes.Status.ACTIVE,
    )
    remarks = models.TextField(_("remarks"), max_length=4000, **OPTIONAL)
    # name of the file in private storage (members/photos.py)
    photo = models.CharField(_("photo"), max_length=100, editable=False, **OPTIONAL)

    imported_from = models.ForeignKey(
        "members.ImportRow",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="created_members",
        verbose_name=_("imported from"),
    )
    sort_name = models.CharField(
        _("name for the order of strokes"),
        max_length=100,
        help_text=_(
            "Only where the name itself cannot be placed: the same name with the standard character, for example."
        ),
        **OPTIONAL,
    )
    # the day on which a retention run took the person out of the record (members/models/retention.py)
    anonymised_on = models.DateField(_("anonymised"), null=True, editable=False)
    # computed on save, for search and order
    pinyin = models.CharField(max_length=200, blank=True, editable=False)
    initials = models.CharField(max_length=100, blank=True, editable=False)
    stroke_key = models.CharField(max_length=KEY_LENGTH, editable=False, **OPTIONAL)
    # counts the writes of this row: an import or a second editor sees that it has moved on
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = MemberQuerySet.as_manager()

    unrecorded_fields = frozenset(
        {
            "imported_from_id",
            "pinyin",
            "initials",
            "stroke_key",
            "version",
            "created_at",
            "updated_at",
            "id_digest",
        }
    )
    # of these the history keeps the fact of a change alone
    identity_fields = frozenset({"id_sealed", "id_kind", "photo"})
    # names of columns that are on no form, for the history
    field_labels = {"id_sealed": _("identity number")}

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["id"]
        permissions = [
            ("import_member", _("Can import members")),
            ("export_member", _("Can export members")),
            ("reveal_identity", _("Can have an identity number shown in full")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "number"],
                condition=~Q(number=""),
                name="member_number_once",
                violation_error_message=_("Another member of the association has this number."),
            ),
            models.UniqueConstraint(
                fields=["association", "id_digest"],
                condition=Q(id_digest__isnull=False),
                name="member_identity_once",
                violation_error_message=_("Another member of the association has this identity number."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="member_has_a_name"),
            models.CheckConstraint(
                condition=Q(id_sealed__isnull=True, id_digest__isnull=True)
                | Q(id_sealed__isnull=False, id_digest__isnull=False),
                name="member_identity_sealed_and_found",
            ),
            models.CheckConstraint(
                condition=Q(status__in=codes.Status.values),
                name="member_status_known",
                violation_error_message=_("This is not a value of the list."),
            ),
            _one_of("sex", codes.Sex),
            _one_of("ethnicity", codes.Ethnicity),
            _one_of("political_status", codes.PoliticalStatus),
            _one_of("second_party", codes.PoliticalStatus),
            _one_of("education", codes.Education),
            _one_of("full_time_education", codes.Education),
            _one_of("in_service_education", codes.Education),
            _one_of("title_level", codes.TitleLevel),
            _one_of("category", codes.Category),
            _one_of("id_kind", codes.IdKind),
            *(date_check("member", field) for field in ("birth", "party_joined", "work_started", "joined")),
        ]
        indexes = [
            models.Index(fields=["association", "name"], name="member_by_name"),
            models.Index(fields=["association", "pinyin", "id"], name="member_by_pinyin"),
            # for those who see many associations
            models.Index(fields=["pinyin", "id"], name="member_by_pinyin_anywhere"),
            models.Index(fields=["association", "stroke_key", "id"], name="member_by_strokes"),
            models.Index(fields=["stroke_key", "id"], name="member_by_strokes_anywhere"),
            models.Index(fields=["association", "mobile"], name="member_by_mobile"),
            models.Index(fields=["association", "updated_at", "id"], name="member_by_last_change"),
            # the day first: whoever reads many associations stops at the first birthdays
            models.Index(MonthDay("birth"), "association", name="member_by_birthday"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.employer and self.association_id and self.employer.association_id != self.association_id:
            raise ValidationError({"employer": _("This employer belongs to another association.")})

    def save(self, *, update_fields=None, **kwargs):
        self.pinyin, self.initials = romanise(self.name)
        if update_fields is None or ORDERED_BY & set(update_fields):
            self.stroke_key = stroke_key(self.sort_name or self.name, self.association.name_order)
        if not self._state.adding:
            self.version += 1
        if update_fields is not None:
            update_fields = {*update_fields, "pinyin", "initials", "stroke_key", "version", "updated_at"}
        super().save(update_fields=update_fields, **kwargs)

    @transaction.atomic
    def delete(self, **kwargs):
        # of records merged into this one a photo may have been put aside
        photos = [self.photo, *self.merges.values_list("photo", flat=True)]
        deleted = super().delete(**kwargs)
        for photo in filter(None, photos):
            transaction.on_commit(functools.partial(default_storage.delete, photo))
        return deleted

    def get_absolute_url(self):
        return reverse("admin:members_member_detail", args=[self.pk])

    @property
    def left_on(self):
        """Partial date of the step with which the member left the association, "" if unknown or still in it."""
        dates = [step.on for step in self.status_changes.all() if step.status in LEFT]
        return max(dates, default="") if self.status in LEFT else ""

    @property
    def is_in_force(self):
        """Whether the status of the record counts as membership."""
        return self.status in IN_FORCE

    @property
    def is_anonymised(self):
        return self.anonymised_on is not None

    @property
    def has_died(self):
        return self.status == codes.Status.DECEASED

    @cached_property
    def _opened_id(self):
        return crypto.unseal(self.id_sealed, ID_COLUMN) if self.id_sealed else ""

    @property
    def id_number(self):
        """The document number in clear, ``""`` without one. Show it through `members.rights` only."""
        return self._opened_id

    @id_number.setter
    def id_number(self, number):
        self.__dict__.pop("_opened_id", None)
        self.id_sealed, self.id_digest = sealed_id(number)

    @property
    def masked_id(self):
        return identity.mask_id_number(self.id_number)


def sealed_id(number):
    """(sealed, digest) columns for a normalised document `number`; (None, None) for ``""``."""
    if not number:
        return None, None
    return crypto.seal(number, ID_COLUMN), crypto.digest(number)


class FurtherCategory(Recorded):
    """A category a member has besides the primary one: the kinds overlap, totals count the primary (domain.md A1)."""

    member = models.ForeignKey(
        Member, models.CASCADE, related_name="further_categories", verbose_name=_("member")
    )
    category = models.CharField(_("category"), max_length=40, choices=codes.Category)

    whole_field = "member"

    class Meta:
        verbose_name = _("further category")
        verbose_name_plural = _("further categories")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "category"],
                name="further_category_once",
                violation_error_message=_("This member has that category already."),
            ),
            models.CheckConstraint(
                condition=Q(category__in=codes.Category.values), name="further_category_known"
            ),
        ]

    def __str__(self):
        return self.get_category_display()

    def clean(self):
        if self.member.category == self.category:
            raise ValidationError({"category": _("This is the member's primary category.")})


class StatusChangeQuerySet(models.QuerySet):
    def last_until(self, day):
        """The last step of each member up to the local date `day`; those without a date come first.

        Said as "there is none later", which PostgreSQL answers with one join for all members; "the first in falling
        order" would be a lookup for each.
        """
        until = self.filter(on__lte=day.isoformat())
        later = StatusChange.objects.filter(
            Q(on__gt=models.OuterRef("on")) | Q(on=models.OuterRef("on"), pk__gt=models.OuterRef("pk")),
            member=models.OuterRef("member"),
            on__lte=day.isoformat(),
        )
        return until.filter(~models.Exists(later))


class StatusChange(Recorded):
    """A step in a member's life in the association (domain.md E4): admitted, left, expelled …"""

    member = models.ForeignKey(
        Member, models.CASCADE, related_name="status_changes", verbose_name=_("member")
    )
    status = models.CharField(pgettext_lazy("membership", "status"), max_length=10, choices=codes.Status)
    on = PartialDateField(_("date"), blank=True)
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    resolution = models.ForeignKey(
        "organizations.Resolution",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # the index below has those only that have one
        related_name="status_changes",
        verbose_name=_("resolution"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)

    objects = StatusChangeQuerySet.as_manager()

    whole_field = "member"
    unrecorded_fields = frozenset({"entered_at", "entered_by_id"})  # the action knows both

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=codes.Status.values), name="status_change_known"),
            date_check("status_change", "on"),
        ]
        indexes = [
            # of those who left only: an import of newcomers does not write it
            models.Index(fields=["on", "member"], name="leaving_by_date", condition=Q(status__in=LEFT)),
            models.Index(
                fields=["resolution"], name="status_by_resolution", condition=Q(resolution__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.on}"
