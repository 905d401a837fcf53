"""What the register holds about one member, and who changed, opened and took it: the member's own file (我的档案).

Source: PIPL arts. 44 and 45. Of the staff it tells name and role, no contact; of other members nothing.
"""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from members import identity
from members.admin.sections import SECTIONS, facts
from members.models import Member, RoleGrant, User
from members.rights import Role, class_of
from organizations.history_entries import entries
from organizations.models import Action, Change

LISTED = 100
"""Of a long list so many of the latest are on the page; all are in the copy."""


class OwnRights:
    """Stands for the rights of somebody who reads the own record: every field unmasked."""

    @staticmethod
    def may_read(key, association_id):
        return True


def own_sections(member):
    """[(Section, [(Fact, FieldClass or None)])] of all fields of the record; the identity number is masked."""
    return [
        (section, [(fact, _class(fact.key)) for fact in facts(member, section, OwnRights)])
        for section in SECTIONS
    ]


def _class(key):
    return None if key == "association" else class_of(key)


@dataclass(frozen=True)
class Stored:
    """What a later app stores of a member: how many of each, and its page that shows them."""

    title: str
    counts: list
    """[(label, number)]."""
    label: str
    address: str


# functions of a member that give a Stored; a later app adds its own when it starts
FURTHER = []


@dataclass
class People:
    """Names and roles of the accounts that had to do with the record of `member`, loaded by one statement each."""

    member: Member
    roles: dict = field(default_factory=dict)

    def load(self, users):
        ids = {user.pk for user in users if user is not None} - {self.member.user_id} - self.roles.keys()
        lineage = [int(step) for step in self.member.association.path.split("/") if step]
        grants = RoleGrant.objects.filter(user__in=ids, association__in=lineage).exclude(role=Role.MEMBER)
        # the last one written wins: those in force today come last
        now = set(grants.in_force_on(timezone.localdate()).values_list("pk", flat=True))
        self.roles |= dict.fromkeys(ids, "")
        for grant in sorted(grants, key=lambda each: (each.pk in now, each.pk)):
            self.roles[grant.user_id] = grant.get_role_display()
        return self

    def called(self, user):
        """王秘书（秘书）, "the system" for None, and who has no name goes by the role alone: no contact is told."""
        if user is None:
            return _("the system")
        if user.pk == self.member.user_id:
            return _("yourself")
        role = self.roles.get(user.pk) or (_("administrator of the system") if user.is_superuser else "")
        if user.name and role:
            return _("{name} ({role})").format(name=user.name, role=role)
        return user.name or role or _("a member of the staff")


@dataclass(frozen=True)
class Changed:
    at: object
    who: str
    what: str
    """The kind of action."""
    lines: list
    """[(what the record is a part of or "", Line)]."""


def own_history(member, *, limit=None):
    """[Changed] the latest first: what became of the record and its parts, in the member's own words and values."""
    changes = Change.objects.of(member).exclude(action__kind=Action.Kind.REVEAL)
    rows = list(changes.select_related("action__actor", "content_type").order_by("-pk")[:limit])
    people = People(member).load(row.action.actor for row in rows)
    return [
        Changed(
            entry["action"].at,
            people.called(entry["action"].actor),
            entry["action"].get_kind_display(),
            [(record["model"], line) for record in entry["records"] for line in record["lines"]],
        )
        for entry in entries(rows, _read, about=member)
    ]


def _read(model, name, text):
    """`text` of a changed field, unless it is the account of somebody else, which may be called by its e-mail."""
    related = {each.name: each.related_model for each in model._meta.concrete_fields if each.is_relation}
    return _("an account") if text and related.get(name) is User else text


@dataclass(frozen=True)
class Shown:
    at: object
    who: str
    reason: str


def own_reveals(member):
    """[Shown]: to whom the identity number was shown in full, when and why, the latest first."""
    kind = ContentType.objects.get_for_model(Member)
    found = Change.objects.filter(
        content_type=kind, object_id=member.pk, action__kind=Action.Kind.REVEAL
    ).select_related("action__actor")
    rows = [change.action for change in found.order_by("-pk")]
    people = People(member).load(action.actor for action in rows)
    return [Shown(action.at, people.called(action.actor), action.note) for action in rows]


@dataclass(frozen=True)
class Opened:
    on: object
    who: str


def own_viewings(member, *, limit=None):
    """[Opened]: who opened the record on which day, the latest first."""
    rows = list(member.viewings.select_related("user").order_by("-on", "-pk")[:limit])
    people = People(member).load(row.user for row in rows)
    return [Opened(row.on, people.called(row.user)) for row in rows]


@dataclass(frozen=True)
class Taken:
    at: object
    who: str
    what: str
    fields: tuple
    reason: str
    recipient: str
    identity: bool
    """Whether identity numbers were in it."""


def own_disclosures(member, *, limit=None):
    """[Taken]: in which exports and papers the data of the member left the register, the latest first."""
    rows = member.disclosures.select_related("action__actor").order_by("-action")[:limit]
    actions = [row.action for row in rows]
    people = People(member).load(action.actor for action in actions)
    return [
        Taken(
            action.at,
            people.called(action.actor),
            what_left(action.details),
            tuple(action.details.get("fields", ())),
            action.details.get("reason", ""),
            action.details.get("recipient", ""),
            bool(action.details.get("identity")),
        )
        for action in actions
    ]


def what_left(details):
    """In words what an export was: not how it was chosen, which may tell of others."""
    if "copy" in details:
        return _("copy of the own file")
    if paper := details.get("paper"):
        return _("paper: {name}").format(name=paper)
    if "body" in details:
        return _("roster of a body")
    if "import" in details:
        return _("error sheet of an import")
    return _("list of members")


def requested(change):
    """(before, after) of a RequestedChange as screens show it: of an identity number the middle stays hidden."""
    pair = change.before, change.after
    if change.field != "id_number":
        return pair
    return tuple(identity.mask_id_number(text) if text else "" for text in pair)
