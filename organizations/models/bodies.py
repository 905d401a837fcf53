from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.association import Association
from organizations.models.history import Recorded
from organizations.partial_dates import PartialDateField, beginning, date_check


class BodyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Bodies whose people `user` may see: those of the associations in which the user reads.

        One that hides its people is seen by who manages the association, who holds a role in the body itself, and
        who sits in it (design §3, §8).
        """
        rights = user.rights
        inside = Q(pk__in=rights.bodies) | Q(association__in=rights.associations_for("manage"))
        return self.filter(
            inside
            | Q(association__in=rights.associations, hides_people=False)
            | Q(association__in=rights.associations, pk__in=rights.own_bodies)
        )

    def where_may(self, user, ability):
        """Visible bodies to whose rows `user` may do `ability` (a value of members.rights.Ability)."""
        own = Q(pk__in=user.rights.bodies_for(ability))
        return self.visible_to(user).filter(own | Q(association__in=user.rights.associations_for(ability)))

    def existing_on(self, day):
        """Bodies established and not yet dissolved on the local date `day`; a dissolved one still was on its last day.

        A date known to the month or year only counts from its first day.
        """
        text = day.isoformat()
        return self.filter(Q(dissolved_on="") | Q(dissolved_on__gte=text), established_on__lte=text)


class Body(Recorded):
    """A body of an association: its council, supervisory board, party branch, secretariat … (design §3)."""

    class Kind(models.TextChoices):
        ASSEMBLY = "assembly", _("Members' assembly")
        COUNCIL = "council", _("Council")
        STANDING_COUNCIL = "standing_council", _("Standing council")
        SUPERVISORS = "supervisors", _("Supervisory board")
        PARTY_BRANCH = "party_branch", _("Party branch")
        SECRETARIAT = "secretariat", _("Secretariat")
        COMMITTEE = "committee", _("Committee")
        GROUP = "group", _("Branch or liaison group")
        CORPS = "corps", _("Service corps")
        BASE = "base", _("Practice base")
        HOME = "home", _("Home of members")

    # kinds elected for a term (domain.md D2, D5)
    WITH_TERMS = frozenset(
        {Kind.ASSEMBLY, Kind.COUNCIL, Kind.STANDING_COUNCIL, Kind.SUPERVISORS, Kind.PARTY_BRANCH}
    )
    # of these an association has one at a time
    ONLY_ONE = frozenset({Kind.ASSEMBLY, Kind.COUNCIL, Kind.STANDING_COUNCIL, Kind.SUPERVISORS})

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="bodies", verbose_name=_("association")
    )
    kind = models.CharField(pgettext_lazy("body", "kind"), max_length=20, choices=Kind)
    name = models.CharField(pgettext_lazy("body", "name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=pgettext_lazy("body", "belongs to"),
        help_text=_("A sub-corps names its corps, a committee the council."),
    )
    hides_people = models.BooleanField(
        _("hides its people"),
        default=False,
        help_text=_(
            "Only who manages the association, holds a role in the body or sits in it sees its people."
        ),
    )
    established_on = PartialDateField(_("established"), blank=True)
    dissolved_on = PartialDateField(_("dissolved"), blank=True)
    basis = models.CharField(
        _("basis"),
        max_length=200,
        blank=True,
        help_text=_("Which meeting or document established or dissolved it."),
    )
    established_by = models.ForeignKey(
        "organizations.Resolution",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="bodies_established",
        verbose_name=_("established by"),
    )
    dissolved_by = models.ForeignKey(
        "organizations.Resolution",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="bodies_dissolved",
        verbose_name=_("dissolved by"),
    )

    objects = BodyQuerySet.as_manager()
    follows_its_sight = True

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["association", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "name"],
                name="body_once_by_name",
                violation_error_message=_("This association has a body of that name already."),
            ),
            models.UniqueConstraint(
                fields=["association", "kind"],
                condition=Q(
                    kind__in=["assembly", "council", "standing_council", "supervisors"], dissolved_on=""
                ),
                name="body_once_by_kind",
                violation_error_message=_("This association has a body of this kind already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="body_has_a_name"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "assembly", "council", "standing_council", "supervisors", "party_branch", "secretariat",
                        "committee", "group", "corps", "base", "home",
                    ]
                ),
                name="body_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on="") | Q(dissolved_on__gte=F("established_on")),
                name="body_dissolved_after_established",
                violation_error_message=_("The body is dissolved before it is established."),
            ),
            date_check("body", "established_on"),
            date_check("body", "dissolved_on"),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def clean(self):
        self._check_dates()
        if self.hides_people and self.pk and self.children.filter(hides_people=False).exists():
            raise ValidationError({"hides_people": _("Bodies below it show their people: hide those first.")})
        if self.parent is None:
            return
        if self.parent.association_id != self.association_id:
            raise ValidationError({"parent": _("That body belongs to another association.")})
        if self.kind == self.Kind.GROUP and self.parent.kind == self.Kind.GROUP:
            # 社会团体登记管理条例 art. 17 (domain.md D1)
            raise ValidationError({"parent": _("A branch has no branches below it.")})
        if self.parent.hides_people and not self.hides_people:
            # its name would tell of the one above it
            raise ValidationError({"parent": _("That body hides its people: so does what belongs to it.")})
        above = self.parent
        while above is not None:
            if self.pk and above.pk == self.pk:
                raise ValidationError({"parent": _("A body cannot stand below itself.")})
            above = above.parent

    def _check_dates(self):
        if not self.pk or not self.established_on:
            return
        day = beginning(self.established_on)
        first = self.terms.filter(starts_on__lt=day).order_by("starts_on").first()
        first = first or self.appointments.valid().filter(starts_on__lt=day).order_by("starts_on").first()
        if first:
            raise ValidationError(
                {
                    "established_on": _("{what} begins on {day}, before that.").format(
                        what=first, day=first.starts_on.isoformat()
                    )
                }
            )

    def get_absolute_url(self):
        return reverse("organizations:body", args=[self.pk])

    @property
    def has_terms(self):
        """Whether its people are elected for a term (届)."""
        return self.kind in self.WITH_TERMS

    def existed_on(self, day):
        text = day.isoformat()
        return self.established_on <= text and (not self.dissolved_on or text <= self.dissolved_on)


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Posts of bodies in sight, and in the associations `user` reads of kinds that have no body yet.

        Those of a party branch would tell of the branch that hides its people.
        """
        of_kind = Body.objects.filter(association=OuterRef("association"), kind=OuterRef("body_kind"))
        unused = ~Exists(of_kind) & Q(association__in=user.rights.associations)
        return self.filter(Exists(of_kind.visible_to(user)) | unused)

    def offered_by(self, body):
        """The posts that `body` offers, highest first."""
        return self.filter(association=body.association_id, body_kind=body.kind)


class Post(Recorded):
    """A post (职务) that the bodies of one kind in an association offer.

    The title is the association's own; `role` is what rules go by.
    """

    class Role(models.TextChoices):
        DELEGATE = "delegate", _("Delegate")
        PRESIDENT = "president", _("President")
        VICE_PRESIDENT = "vice_president", _("Vice-president")
        SECRETARY_GENERAL = "secretary_general", _("Secretary-general")
        DEPUTY_SECRETARY_GENERAL = "deputy_secretary_general", _("Deputy secretary-general")
        STANDING_MEMBER = "standing_member", _("Standing council member")
        COUNCIL_MEMBER = "council_member", _("Council member")
        CHAIR = "chair", _("Chair of supervisors")
        VICE_CHAIR = "vice_chair", _("Deputy chair of supervisors")
        SUPERVISOR = "supervisor", _("Supervisor")
        PARTY_SECRETARY = "party_secretary", _("Party branch secretary")
        PARTY_DEPUTY = "party_deputy", _("Deputy party branch secretary")
        PARTY_COMMITTEE = "party_committee", _("Branch committee member")
        PARTY_MEMBER = "party_member", _("Party member of the branch")
        FINANCE = "finance", _("Accountant or cashier")
        HEAD = "head", _("Head")
        DEPUTY_HEAD = "deputy_head", _("Deputy head")
        MEMBER = "member", pgettext_lazy("post", "Member")
        STAFF = "staff", _("Staff")
        HONORARY = "honorary", _("Honorary post or adviser")

    # who is 负责人: president, vice-presidents, secretary-general (domain.md D3 [MF166][FJ])
    OFFICERS = frozenset({Role.PRESIDENT, Role.VICE_PRESIDENT, Role.SECRETARY_GENERAL})

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="posts", verbose_name=_("association")
    )
    body_kind = models.CharField(_("kind of body"), max_length=20, choices=Body.Kind)
    title = models.CharField(pgettext_lazy("post", "title"), max_length=40)
    role = models.CharField(_("role"), max_length=30, choices=Role)
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=50, help_text=_("Lists show the lowest number first.")
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), null=True, blank=True, help_text=_("How many hold it at a time; empty: any number.")
    )
    counts_for_quorum = models.BooleanField(_("counts for the quorum"), default=True)
    is_officer = models.BooleanField(
        _("officer (负责人)"), default=False, help_text=_("Filed with the registry.")
    )
    is_retired = models.BooleanField(
        _("no longer offered"),
        default=False,
        help_text=_("Kept for the past, not offered for new appointments."),
    )

    objects = PostQuerySet.as_manager()
    follows_its_sight = True

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["body_kind", "rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "body_kind", "title"],
                name="post_once_by_title",
                violation_error_message=_("Bodies of this kind have a post of that title already."),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="post_has_a_title"),
            models.CheckConstraint(
                condition=Q(seats__isnull=True) | Q(seats__gte=1),
                name="post_has_a_seat",
                violation_error_message=_("A post has at least one seat."),
            ),
        ]

    def __str__(self):
        return self.title


class TermQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(body__in=Body.objects.visible_to(user))

    def in_force_on(self, day):
        """Terms running on the local date `day`: begun, and not ended before it.

        A term runs on past its planned end until the next begins: an overdue council is still the council.
        """
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), starts_on__lte=day)


class Term(Recorded):
    """One term (届) of a body: 第一届理事会. The terms of a body do not overlap; a trigger sees to it (guards.py)."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="terms", verbose_name=_("body"))
    number = models.PositiveSmallIntegerField(_("number of the term"))
    starts_on = models.DateField(_("starts"))
    planned_end_on = models.DateField(_("planned end"))
    ended_on = models.DateField(
        _("actual end"), null=True, blank=True, help_text=_("Its last day; empty while it runs.")
    )
    basis = models.CharField(
        _("basis"),
        max_length=200,
        blank=True,
        help_text=_("Which meeting elected it, which document approved it."),
    )

    objects = TermQuerySet.as_manager()
    whole_field = "body"

    class Meta:
        verbose_name = pgettext_lazy("body", "term")
        verbose_name_plural = pgettext_lazy("body", "terms")
        ordering = ["body", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number"],
                name="term_once_by_number",
                violation_error_message=_("This body has a term of that number already."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="term_number_from_one"),
            models.CheckConstraint(
                condition=Q(planned_end_on__gte=F("starts_on")),
                name="term_planned_end_after_start",
                violation_error_message=_("The term is planned to end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="term_ends_after_start",
                violation_error_message=_("The term ends before it starts."),
            ),
        ]

    def __str__(self):
        return _("Term {number} of {body}").format(number=self.number, body=self.body)

    def clean(self):
        if not self.body_id or not self.starts_on:
            return
        if not self.body.has_terms:
            raise ValidationError({"body": _("Bodies of this kind have no terms.")})
        before = self.body.terms.exclude(pk=self.pk).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=self.starts_on)
        )
        if self.ended_on:
            before = before.filter(starts_on__lte=self.ended_on)
        if other := before.first():
            raise ValidationError(
                {"starts_on": _("This term overlaps with {other}: end that one first.").format(other=other)}
            )
        if self.body.established_on and self.starts_on < beginning(self.body.established_on):
            raise ValidationError({"starts_on": _("The term starts before the body is established.")})
