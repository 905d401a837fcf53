from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models.appointments import Appointment
from organizations.models.association import Association
from organizations.models.bodies import Body, Post, Term
from organizations.models.history import Recorded
from organizations.models.meetings import Share
from organizations.models.resolutions import Resolution

# of candidates
IN_STROKE_ORDER = ("member__stroke_key", "id")


class ElectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Elections all of whose bodies `user` sees: one that hides its people hides its election too."""
        return self._all_of(Body.objects.visible_to(user))

    def where_may(self, user, ability):
        """Elections in all of whose bodies `user` may do `ability` (a value of members.rights.Ability)."""
        return self._all_of(Body.objects.where_may(user, ability))

    def _all_of(self, bodies):
        chosen = ElectionBody.objects.all()
        others = chosen.exclude(body__in=bodies.values("pk"))
        return self.filter(pk__in=chosen.values("election")).exclude(pk__in=others.values("election"))

    def with_parts(self):
        """All that an election is made of, in the same number of queries at any size.

        Candidates come in the order of surname strokes (domain.md D4, E2).
        """
        candidates = Candidate.objects.select_related("member__employer").order_by(*IN_STROKE_ORDER)
        contests = Contest.objects.select_related("post").prefetch_related(
            models.Prefetch("candidates", candidates), "rounds__tallies"
        )
        bodies = ElectionBody.objects.select_related("body", "term", "new_term")
        bodies = bodies.prefetch_related(models.Prefetch("contests", contests))
        return self.select_related("association", "resolution__meeting__body").prefetch_related(
            models.Prefetch("bodies", bodies), "preparations", "scrutineers", "association__meeting_rules"
        )


class Election(Recorded):
    """A re-election (换届) or by-election (增补), from preparations to filing; a draft until office is taken.

    Procedure: domain.md D3, D4 and the document set of [SD].
    """

    class Kind(models.TextChoices):
        TERM = "term", _("Re-election (换届)")
        BY_ELECTION = "by_election", _("By-election (增补)")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("election", "in preparation")
        IN_OFFICE = "in_office", pgettext_lazy("election", "in office")
        FINAL = "final", pgettext_lazy("election", "final")
        DROPPED = "dropped", pgettext_lazy("election", "given up")

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="elections", verbose_name=_("association")
    )
    kind = models.CharField(pgettext_lazy("election", "kind"), max_length=20, choices=Kind, default=Kind.TERM)
    name = models.CharField(_("name"), max_length=100)
    state = models.CharField(
        pgettext_lazy("election", "state"), max_length=20, choices=State, default=State.DRAFT, editable=False
    )
    day = models.DateField(_("day of the election"))
    starts_on = models.DateField(_("the new term starts"))
    planned_end_on = models.DateField(_("the new term is planned to end"))
    extension = models.CharField(
        _("extension"),
        max_length=200,
        blank=True,
        help_text=_("Who agreed to a later election, and the number of the document."),
    )
    mark_for = models.CharField(_("mark for agreement"), max_length=4, default="√")
    mark_against = models.CharField(_("mark for disagreement"), max_length=4, blank=True, default="×")
    mark_abstain = models.CharField(_("mark for abstention"), max_length=4, blank=True, default="○")
    basis = models.CharField(
        _("basis"), max_length=200, blank=True, help_text=_("Which meeting elected: its number and day.")
    )
    # made when office was taken, in the meeting that elected; undone with it alone
    resolution = models.OneToOneField(
        Resolution,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="election",
        verbose_name=_("resolution"),
    )
    minutes_signed_on = models.DateField(_("minutes signed"), null=True, blank=True, editable=False)
    # what taking office did, for undoing it: organizations/elections/office.py
    outcome = models.JSONField(default=dict, editable=False)

    objects = ElectionQuerySet.as_manager()
    follows_its_sight = True
    unrecorded_fields = frozenset({"outcome"})

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="election_has_a_name"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_office", "final", "dropped"]), name="election_state_known"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__gte=F("starts_on")),
                name="election_term_ends_after_start",
                violation_error_message=_("The term is planned to end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__gte=F("day")),
                name="election_before_the_term",
                violation_error_message=_("The new term starts before the election."),
            ),
            models.CheckConstraint(
                condition=~Q(mark_for="")
                & ~Q(mark_for=F("mark_against"))
                & ~Q(mark_for=F("mark_abstain"))
                & (~Q(mark_against=F("mark_abstain")) | Q(mark_against="")),
                name="election_marks_differ",
                violation_error_message=_("The marks on the ballot have to differ from each other."),
            ),
            models.CheckConstraint(
                condition=Q(state="final", minutes_signed_on__isnull=False)
                | (~Q(state="final") & Q(minutes_signed_on__isnull=True)),
                name="election_final_by_its_minutes",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organizations:election", args=[self.pk])

    @property
    def is_by_election(self):
        return self.kind == self.Kind.BY_ELECTION

    @property
    def is_open(self):
        """Whether it can still be worked on."""
        return self.state == self.State.DRAFT

    @property
    def contests(self):
        """The contests of all its bodies, in order."""
        return [contest for part in self.bodies.all() for contest in part.contests.all()]


class ElectionBody(Recorded):
    """A body that an election fills, with the term that expires (of a by-election, the one that runs on)."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="bodies", verbose_name=_("election"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="elections", verbose_name=_("body"))
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("expiring term"),
    )
    number = models.PositiveSmallIntegerField(_("number of the new term"), null=True, blank=True)
    # the one it began, when office was taken
    new_term = models.OneToOneField(
        Term, models.PROTECT, null=True, editable=False, related_name="elected_by", verbose_name=_("new term")
    )

    whole_field = "election"

    class Meta:
        verbose_name = _("body to be elected")
        verbose_name_plural = _("bodies to be elected")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "body"],
                name="elected_once_an_election",
                violation_error_message=_("This body is in the election already."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1), name="elected_term_from_one"
            ),
        ]

    def __str__(self):
        return str(self.body)


class Preparation(Recorded):
    """One thing to do before or after an election, ticked with its day, a note and the document."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("Council decides to begin the re-election and names a preparatory group")
        APPROVAL = (
            "approval",
            _("Re-election approved beforehand by the supervising authority (换届事先报批)"),
        )
        AUDIT = "audit", _("Finances audited before the re-election")
        EXTENSION = "extension", _("Later re-election agreed by council, supervising authority and registry")
        NOTICE = "notice", _("Re-election announced to the members (换届公告)")
        DELEGATES = "delegates", _("Electors listed and announced")
        NOMINATION = "nomination", _("Candidates nominated, talked to and agreed with the authority")
        CANDIDATES = "candidates", _("List of candidates announced")
        RULES = "rules", _("Rules of the election (选举办法) drafted")
        REPORTS = "reports", _("Reports on work, finances and supervision written, charter changes drafted")
        INVITATION = "invitation", _("Notice of the meeting sent")
        BALLOTS = "ballots", _("Ballots and counting sheets printed and numbered")
        RESULT = "result", _("Result announced and reported")
        OTHER = "other", pgettext_lazy("preparation", "Other")

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="preparations", verbose_name=_("election")
    )
    kind = models.CharField(pgettext_lazy("preparation", "kind"), max_length=20, choices=Kind)
    title = models.CharField(_("what is to be done"), max_length=200, blank=True)
    due_on = models.DateField(_("due by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    whole_field = "election"

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "kind"], condition=~Q(kind="other"), name="prepared_once_by_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(title=""),
                name="preparation_has_a_title",
                violation_error_message=_("Say what is to be done."),
            ),
        ]

    def __str__(self):
        return self.title or self.get_kind_display()


class Contest(Recorded):
    """The filling of one post in an election: so many seats, elected by this meeting, by that majority."""

    class Electorate(models.TextChoices):
        ASSEMBLY = "assembly", _("members' assembly")
        COUNCIL = "council", _("the new council")
        SUPERVISORS = "supervisors", _("the new supervisory board")
        PARTY_MEETING = "party_meeting", _("meeting of the branch's party members")
        PARTY_COMMITTEE = "party_committee", _("the new branch committee")

    class Mode(models.TextChoices):
        EQUAL = "equal", _("as many candidates as seats (等额)")
        MORE = "more", _("more candidates than seats (差额)")

    class Majority(models.TextChoices):
        HALF_PRESENT = "half_present", _("more than half of those present")
        TWO_THIRDS_PRESENT = "two_thirds_present", _("at least two thirds of those present")
        HALF_ENTITLED = "half_entitled", _("more than half of those entitled")
        HALF_VALID = "half_valid", _("more than half of the valid ballots")

    # {majority: (share, column of `Round` of which it is a part)}; domain.md D2: the assembly by more than half, the
    # council by two thirds of those present
    SHARES = {
        Majority.HALF_PRESENT: (Share.HALF, "present"),
        Majority.TWO_THIRDS_PRESENT: (Share.TWO_THIRDS, "present"),
        Majority.HALF_ENTITLED: (Share.HALF, "entitled"),
        Majority.HALF_VALID: (Share.HALF, "valid"),
    }

    body = models.ForeignKey(
        ElectionBody, models.CASCADE, related_name="contests", verbose_name=_("body to be elected")
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="contests", verbose_name=_("post"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    electorate = models.CharField(_("elected by"), max_length=20, choices=Electorate)
    mode = models.CharField(_("way of election"), max_length=10, choices=Mode, default=Mode.EQUAL)
    majority = models.CharField(_("majority"), max_length=20, choices=Majority, default=Majority.HALF_PRESENT)
    # counts the writes of candidates and results: the second of two editors is told
    version = models.PositiveIntegerField(default=1, editable=False)

    unrecorded_fields = frozenset({"version"})

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["body", "post__rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "post"],
                name="contest_once_a_post",
                violation_error_message=_("This post is in the election already."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1),
                name="contest_has_a_seat",
                violation_error_message=_("A post has at least one seat."),
            ),
        ]

    def __str__(self):
        return f"{self.body} {self.post}"

    def whole(self):
        return self.body.election

    @property
    def share(self):
        """(the Share that is the majority, the column of `Round` of which it is a part)."""
        return self.SHARES[self.majority]


class Candidate(Recorded):
    """A member who stands for a post; written in by voters (另选他人) or listed before."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="candidates", verbose_name=_("contest"))
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="candidacies", verbose_name=_("member")
    )
    is_write_in = models.BooleanField(_("written in by voters"), default=False)
    # made when office was taken
    appointment = models.OneToOneField(
        Appointment,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="candidacy",
        verbose_name=_("appointment"),
    )

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "member"],
                name="candidate_once_a_contest",
                violation_error_message=_("This member is a candidate for the post already."),
            ),
        ]

    def __str__(self):
        return str(self.member)

    def whole(self):
        return self.contest.body.election


class Round(Recorded):
    """One ballot of a contest: what was handed out and came back. A tie or a void vote leads to a further one."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="rounds", verbose_name=_("contest"))
    number = models.PositiveSmallIntegerField(_("ballot"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    entitled = models.PositiveIntegerField(_("entitled (应到)"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present (实到)"), null=True, blank=True)
    issued = models.PositiveIntegerField(_("ballots issued"), null=True, blank=True)
    returned = models.PositiveIntegerField(_("ballots returned"), null=True, blank=True)
    valid = models.PositiveIntegerField(_("valid ballots"), null=True, blank=True)
    invalid = models.PositiveIntegerField(_("invalid ballots"), null=True, blank=True)
    # more ballots came back than were issued: no result, vote again (domain.md D4 [TJ])
    is_void = models.BooleanField(_("void, to be voted again"), default=False, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("election", "ballot")
        verbose_name_plural = pgettext_lazy("election", "ballots")
        ordering = ["contest", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="ballot_once_by_number"),
            models.CheckConstraint(condition=Q(number__gte=1, seats__gte=1), name="ballot_for_a_seat"),
            models.CheckConstraint(
                condition=Q(present__isnull=True) | Q(entitled__isnull=True) | Q(present__lte=F("entitled")),
                name="ballot_present_of_entitled",
                violation_error_message=_("More are present than are entitled."),
            ),
            models.CheckConstraint(
                condition=Q(returned__isnull=True)
                | Q(issued__isnull=True)
                | Q(returned__lte=F("issued"))
                | Q(is_void=True),
                name="ballot_returned_of_issued",
                violation_error_message=_("More ballots came back than were issued: vote again."),
            ),
            models.CheckConstraint(
                condition=Q(returned__isnull=True)
                | Q(valid__isnull=True)
                | Q(invalid__isnull=True)
                | Q(returned=F("valid") + F("invalid")),
                name="ballot_valid_and_invalid_returned",
                violation_error_message=_("Valid and invalid ballots together are not those returned."),
            ),
        ]

    def __str__(self):
        return _("{contest}, ballot {number}").format(contest=self.contest, number=self.number)

    def whole(self):
        return self.contest.body.election


class Tally(Recorded):
    """The votes of one candidate in one ballot; empty while not counted."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="tallies", verbose_name=_("ballot"))
    candidate = models.ForeignKey(
        Candidate, models.PROTECT, related_name="tallies", verbose_name=_("candidate")
    )
    in_favour = models.PositiveIntegerField(_("for"), null=True, blank=True)
    against = models.PositiveIntegerField(_("against"), null=True, blank=True)
    abstained = models.PositiveIntegerField(_("abstained"), null=True, blank=True)

    class Meta:
        verbose_name = _("votes of a candidate")
        verbose_name_plural = _("votes of candidates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "candidate"], name="counted_once_a_ballot"),
        ]

    def __str__(self):
        return f"{self.candidate} {self.in_favour}"

    def whole(self):
        return self.round.whole()


class Scrutineer(Recorded):
    """Who watches over the vote and counts it: no candidate (domain.md D4 [TJ]). A member, or a name."""

    class Role(models.TextChoices):
        CHIEF = "chief", _("chief scrutineer (总监票人)")
        SCRUTINEER = "scrutineer", _("scrutineer (监票人)")
        TELLER = "teller", _("teller (计票人)")

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="scrutineers", verbose_name=_("election")
    )
    role = models.CharField(pgettext_lazy("scrutineer", "role"), max_length=20, choices=Role)
    name = models.CharField(_("name"), max_length=100)
    member = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="scrutinies",
        verbose_name=_("member"),
    )

    whole_field = "election"

    class Meta:
        verbose_name = _("scrutineer")
        verbose_name_plural = _("scrutineers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "role", "name"],
                name="scrutineer_once_a_role",
                violation_error_message=_("This person is in the list already."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="scrutineer_has_a_name",
                violation_error_message=_("Write the name of the person."),
            ),
        ]

    def __str__(self):
        return self.name
