"""Who sees whom: the accounts that read a member's record, and the records that an account reads (domain.md F5)."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Count, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Consent, Member, RoleGrant, User
from members.rights import BODY_ROLES, ROLES, Ability, FieldClass, Role, RoleRights
from organizations.models import Appointment, Body

_READING = [role for role, rights in ROLES.items() if Ability.READ in rights.abilities]
_COUNTING = [
    role
    for role, rights in ROLES.items()
    if Ability.COUNT in rights.abilities and Ability.READ not in rights.abilities
]
_ORDER = {role: place for place, role in enumerate(Role)}

# What members show each other, by the purpose they agreed to
DIRECTORY = {
    Consent.Purpose.DIRECTORY: _("name, employer, position, category, posts"),
    Consent.Purpose.DIRECTORY_PHOTO: _("photo"),
    Consent.Purpose.DIRECTORY_MOBILE: _("mobile number"),
    Consent.Purpose.DIRECTORY_EMAIL: _("e-mail"),
    Consent.Purpose.DIRECTORY_WECHAT: _("WeChat"),
}


@dataclass(frozen=True)
class Sight:
    """What one role lets an account do to the rows it opens; `grant` is None for a superuser."""

    user: User
    grant: RoleGrant | None = None
    members: int = 0
    """How many members it opens, where that was counted."""

    @property
    def rights(self):
        if self.grant is None:
            return ROLES[Role.MANAGER]
        return (BODY_ROLES if self.grant.body_id else ROLES).get(self.grant.role, RoleRights())

    @property
    def role(self):
        return self.grant.get_role_display() if self.grant else _("Superuser of the installation")

    @property
    def where(self):
        return (self.grant.body or self.grant.association) if self.grant else _("everywhere")

    @property
    def reads(self):
        """Labels of the classes of fields that it shows unmasked."""
        return [each.label for each in FieldClass if each in self.rights.classes]

    @property
    def masked(self):
        return [each.label for each in FieldClass if each not in self.rights.classes]

    @property
    def may_read(self):
        return Ability.READ in self.rights.abilities

    @property
    def may_count(self):
        return Ability.COUNT in self.rights.abilities

    @property
    def may_edit(self):
        # a role in one body alone changes the body's terms and posts, not its members
        return self._whole and Ability.EDIT in self.rights.abilities

    @property
    def may_export(self):
        return self._whole and Ability.EXPORT in self.rights.abilities

    @property
    def may_manage(self):
        return self._whole and Ability.MANAGE in self.rights.abilities

    @property
    def may_reveal(self):
        return "members.reveal_identity" in self.rights.permissions

    @property
    def reads_lists_of_changes(self):
        return "organizations.view_change" in self.rights.permissions

    @property
    def _whole(self):
        return self.grant is None or not self.grant.body_id


def readers_of(member, day):
    """[Sight] of the open accounts that read the record of `member` on the local date `day`, managers first.

    Associations above see what is below them; who holds a role in one body alone sees those who ever sat in it. The
    member's own account and other members are not among them.
    """
    above = [int(pk) for pk in member.association.path.split("/") if pk]
    seats = Appointment.objects.valid().filter(member=member).order_by().values("body")
    grants = _grants(day).filter(
        Q(body=None, association__in=above, role__in=_READING) | Q(body__in=seats, role__in=list(BODY_ROLES))
    )
    superusers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return _sorted(grants) + [Sight(user) for user in superusers]


def counters_of(member, day):
    """[Sight] of the open accounts that see `member` in figures alone, without name, on the local date `day`."""
    above = [int(pk) for pk in member.association.path.split("/") if pk]
    return _sorted(_grants(day).filter(body=None, association__in=above, role__in=_COUNTING))


def _grants(day):
    grants = RoleGrant.objects.in_force_on(day).filter(user__is_active=True, user__is_superuser=False)
    return grants.select_related("user", "association", "body")


def _sorted(grants):
    rows = sorted(grants, key=lambda grant: (_ORDER[grant.role], grant.association.path, grant.pk))
    return [Sight(grant.user, grant) for grant in rows]


def shown_to_members(member):
    """What `member` agreed to show the other members of the association: labels, none if not in the directory."""
    agreed = set(
        member.consents.in_force().filter(purpose__in=list(DIRECTORY)).values_list("purpose", flat=True)
    )
    if Consent.Purpose.DIRECTORY not in agreed:
        return []
    return [label for purpose, label in DIRECTORY.items() if purpose in agreed]


# -- what a user sees


@dataclass(frozen=True)
class Review:
    """What an account may see and do on a day, as far as the associations asked about go."""

    sights: list
    """[Sight] of the roles in force."""
    others: list
    """[RoleGrant] that are over or not yet in force, the latest first."""
    members: int
    """Members in sight, each counted once."""
    bodies: int
    """Bodies whose people are in sight."""
    hidden: list = field(default_factory=list)
    """[Body] in sight that hide their people."""


def review(user, *, day, reader):
    """The Review of `user` on the local date `day` for `reader`, who sees the roles of the associations managed."""
    managed = reader.rights.associations_for(Ability.MANAGE)
    grants = user.role_grants.select_related("association", "body")
    if not reader.is_superuser:
        grants = grants.filter(association__in=managed)
    grants = list(grants)
    in_force = [grant for grant in grants if grant.in_force_on(day)] if user.is_active else []
    seen = Member.objects.staff_visible_to(user)
    bodies = Body.objects.visible_to(user)
    if not reader.is_superuser:
        seen, bodies = seen.filter(association__in=managed), bodies.filter(association__in=managed)
    by_place = dict(seen.order_by().values_list("association__path").annotate(Count("pk")))
    by_body = dict(
        Appointment.objects.valid()
        .filter(body__in=[grant.body_id for grant in in_force if grant.body_id])
        .order_by()
        .values_list("body")
        .annotate(Count("member", distinct=True))
    )

    def count(grant):
        if grant.body_id:
            return by_body.get(grant.body_id, 0)
        if Ability.READ not in ROLES[grant.role].abilities:
            return 0
        return sum(number for path, number in by_place.items() if path.startswith(grant.association.path))

    in_force.sort(key=lambda grant: (_ORDER[grant.role], grant.association.path, grant.pk))
    sights = [Sight(user, grant, count(grant)) for grant in in_force]
    if user.is_superuser and user.is_active:
        sights.insert(0, Sight(user, None, sum(by_place.values())))
    rest = [grant for grant in grants if grant not in in_force]
    rest.sort(key=lambda grant: (str(grant.ends_on or grant.starts_on or ""), grant.pk), reverse=True)
    return Review(
        sights,
        rest,
        sum(by_place.values()),
        bodies.count(),
        list(bodies.filter(hides_people=True).order_by("name")) if sights else [],
    )


# -- permissions in words

_ACTIONS = {
    "view": pgettext_lazy("permission", "see"),
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
    "import": pgettext_lazy("permission", "import"),
    "export": pgettext_lazy("permission", "export"),
}
# those that are not of the form action_model
_OTHERS = {
    "members.view_statistics": _("Statistics"),
    "members.reveal_identity": _("Identity numbers in full, one at a time with a reason"),
}


def permissions_in_words(sights):
    """[(what, actions)] of the Django permissions that the roles in `sights` give, by name of the records."""
    names = frozenset().union(*(sight.rights.permissions for sight in sights))
    found = {}
    for name in sorted(names - _OTHERS.keys()):
        app, codename = name.split(".")
        action, model = codename.split("_", 1)
        label = str(capfirst(apps.get_model(app, model)._meta.verbose_name_plural))
        found.setdefault((app, label), set()).add(action)
    rows = [
        (label, [str(text) for action, text in _ACTIONS.items() if action in actions])
        for (_app, label), actions in sorted(
            found.items(), key=lambda each: (each[0][0] != "members", each[0][1])
        )
    ]
    return rows + [(str(label), [str(_ACTIONS["view"])]) for name, label in _OTHERS.items() if name in names]
