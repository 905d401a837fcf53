"""Who may do what, to which rows, and which fields: the tables everything else asks.

Two questions (design §4). *May this user do this kind of thing?* – Django permissions, given by the roles here
through `members.backends.RoleBackend`. *To which rows, which fields?* – `user.rights`, on which the querysets'
`visible_to` and the masks of fields build. Adding a role or a field is a line in a table of this module.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    MANAGER = "manager", _("Manager")
    SECRETARY = "secretary", _("Secretary")
    VIEWER = "viewer", _("Viewer")
    SUPERVISOR = "supervisor", _("Supervisor")
    DEPARTMENT = "department", _("Supervising department")
    DEPARTMENT_PERSONS = "department_persons", _("Supervising department, with persons")
    MEMBER = "member", _("Member")


class FieldClass(TextChoices):
    PUBLIC = "public", _("public within the association")
    CONTACT = "contact", _("contact")
    PERSONAL = "personal", _("personal")
    IDENTITY = "identity", _("identity")


class Ability(TextChoices):
    """What a role may do to the rows of its association and below."""

    READ = "read", _("read")
    EDIT = "edit", _("edit")
    IMPORT = "import", _("import")
    EXPORT = "export", _("export")
    COUNT = "count", _("read figures")
    MANAGE = "manage", _("manage roles and settings")


@dataclass(frozen=True)
class RoleRights:
    """Abilities over the association and everything below, field classes shown unmasked, Django permissions.

    `counted`: classes of which the role sees figures, though no person's value (members/statistics).
    """

    abilities: frozenset = frozenset()
    classes: frozenset = frozenset()
    permissions: frozenset = frozenset()
    counted: frozenset = frozenset()


_ALL = frozenset(FieldClass)
_READ_PERMISSIONS = frozenset(
    {
        "members.view_member",
        "members.view_employer",
        "members.view_employeralias",
        "members.view_listedword",
        "members.view_statuschange",
        "members.view_furthercategory",
        "members.view_statistics",
        "members.view_savedlist",
        "members.add_savedlist",
        "members.change_savedlist",
        "members.delete_savedlist",
        "organizations.view_association",
        "organizations.view_milestone",
        "organizations.view_strokeoverride",
        "organizations.view_filing",
        "organizations.view_body",
        "organizations.view_term",
        "organizations.view_post",
        "organizations.view_appointment",
        "organizations.view_charterrule",
        "organizations.view_election",
        "organizations.view_meeting",
        "organizations.view_meetingrule",
        "organizations.view_resolution",
        "organizations.view_action",
        "organizations.view_change",
        "activities.view_activity",
        "activities.view_campaign",
        "activities.view_participation",
        "activities.view_service",
        "activities.view_donation",
        "activities.view_honour",
        "activities.view_servicefield",
    }
)
# abilities over bodies: what a secretary of the association, or of one body, may do
_BODY_WORK = frozenset(
    {
        "organizations.change_body",
        "organizations.add_term",
        "organizations.change_term",
        "organizations.add_appointment",
        "organizations.change_appointment",
        "organizations.add_election",
        "organizations.change_election",
        "organizations.add_meeting",
        "organizations.change_meeting",
        "activities.add_activity",
        "activities.change_activity",
        "activities.change_participation",
    }
)
_EDIT_PERMISSIONS = (
    _READ_PERMISSIONS
    | _BODY_WORK
    | {
        "organizations.add_body",
        "organizations.add_filing",
        "organizations.change_filing",
        "organizations.view_papertemplate",
        "members.add_member",
        "members.change_member",
        "members.import_member",
        "members.export_member",
        "members.reveal_identity",
        "members.view_invitation",
        "members.add_invitation",
        "members.change_invitation",
        "members.view_changerequest",
        "members.change_changerequest",
        "members.view_application",
        "members.change_application",
        "members.view_notice",
        "members.view_consent",
        "members.add_consent",
        "members.view_personrequest",
        "members.add_personrequest",
        "members.change_personrequest",
        "members.view_membercard",
        "members.add_membercard",
        "members.change_membercard",
        "members.add_employer",
        "members.change_employer",
        "members.add_statuschange",
        "members.add_furthercategory",
        "members.change_furthercategory",
        "members.delete_furthercategory",
        "members.view_importbatch",
        "activities.add_campaign",
        "activities.change_campaign",
        "activities.add_service",
        "activities.change_service",
        "activities.add_donation",
        "activities.change_donation",
        "activities.add_honour",
        "activities.change_honour",
        "activities.view_objection",
        "activities.change_objection",
    }
)
_MANAGE_PERMISSIONS = _EDIT_PERMISSIONS | {
    "members.delete_member",
    "members.delete_employer",
    "members.delete_employeralias",
    "members.add_listedword",
    "members.change_listedword",
    "members.delete_listedword",
    "members.view_user",
    "members.add_user",
    "members.change_user",
    "members.view_rolegrant",
    "members.add_rolegrant",
    "members.change_rolegrant",
    "members.add_notice",
    "members.view_disclosed",
    "members.view_retentionrun",
    "members.add_retentionrun",
    "members.change_retentionrun",
    "organizations.add_association",
    "organizations.change_association",
    "organizations.add_papertemplate",
    "organizations.change_papertemplate",
    "organizations.delete_body",
    "organizations.delete_term",
    "organizations.change_meetingrule",
    "organizations.add_post",
    "organizations.change_post",
    "organizations.delete_post",
    "organizations.add_charterrule",
    "organizations.change_charterrule",
    "organizations.add_milestone",
    "organizations.change_milestone",
    "organizations.delete_milestone",
    "organizations.add_strokeoverride",
    "organizations.change_strokeoverride",
    "organizations.delete_strokeoverride",
    "organizations.delete_filing",
    "activities.delete_activity",
    "activities.add_servicefield",
    "activities.change_servicefield",
}
_WORK = frozenset({Ability.READ, Ability.EDIT, Ability.IMPORT, Ability.EXPORT, Ability.COUNT})

_LOOKING = frozenset({Ability.READ, Ability.COUNT})
_VIEW_PERMISSIONS = _READ_PERMISSIONS - {"organizations.view_action", "organizations.view_change"}

# Source: design §4. The department reads figures; persons only by a grant from a day to a day, with its document.
ROLES = {
    Role.MANAGER: RoleRights(_WORK | {Ability.MANAGE}, _ALL, _MANAGE_PERMISSIONS),
    Role.SECRETARY: RoleRights(_WORK, _ALL, _EDIT_PERMISSIONS),
    Role.VIEWER: RoleRights(_LOOKING, frozenset({FieldClass.PUBLIC}), _VIEW_PERMISSIONS),
    Role.SUPERVISOR: RoleRights(
        _LOOKING,
        frozenset({FieldClass.PUBLIC}),
        _READ_PERMISSIONS | {"members.view_disclosed", "members.view_personrequest"},
    ),
    Role.DEPARTMENT: RoleRights(
        frozenset({Ability.COUNT}),
        permissions=frozenset({"members.view_statistics"}),
        counted=frozenset({FieldClass.PUBLIC, FieldClass.PERSONAL}),
    ),
    Role.DEPARTMENT_PERSONS: RoleRights(_LOOKING, frozenset({FieldClass.PUBLIC}), _VIEW_PERMISSIONS),
    Role.MEMBER: RoleRights(),
}

# Roles that may be held in one body alone, with what they open there: its people by their public fields, its papers
_BODY_READING = frozenset(
    {
        "members.view_member",
        "organizations.view_association",
        "organizations.view_body",
        "organizations.view_term",
        "organizations.view_post",
        "organizations.view_appointment",
        "organizations.view_election",
        "organizations.view_meeting",
        "organizations.view_resolution",
        "activities.view_activity",
        "activities.view_participation",
    }
)
BODY_ROLES = {
    Role.SECRETARY: RoleRights(
        frozenset({Ability.READ, Ability.EDIT}),
        frozenset({FieldClass.PUBLIC}),
        _BODY_READING | _BODY_WORK,
    ),
    Role.VIEWER: RoleRights(frozenset({Ability.READ}), frozenset({FieldClass.PUBLIC}), _BODY_READING),
}

# Class of each field of a member, by the key of the roster contract. Sources: design §4, domain.md F3.
FIELD_CLASSES = {
    **dict.fromkeys(
        (
            "number",
            "name",
            "sex",
            "title",
            "title_level",
            "qualification",
            "employer",
            "position",
            "employer_kind",
            "employer_uscc",
            "category",
            "occupation",
            "township",
            "social_posts",
            "honours",
            "association_posts",
            "joined",
            "status",
        ),
        FieldClass.PUBLIC,
    ),
    **dict.fromkeys(
        ("mobile", "second_mobile", "office_phone", "email", "wechat", "address"), FieldClass.CONTACT
    ),
    **dict.fromkeys(
        (
            "former_name",
            "birth",
            "ethnicity",
            "native_place",
            "political_status",
            "second_party",
            "party_joined",
            "education",
            "degree",
            "school",
            "major",
            "full_time_education",
            "full_time_degree",
            "full_time_school",
            "in_service_education",
            "in_service_degree",
            "in_service_school",
            "work_started",
            "remarks",
        ),
        FieldClass.PERSONAL,
    ),
    **dict.fromkeys(("id_kind", "id_number"), FieldClass.IDENTITY),
}

# What belongs to a member and is no field of a roster
PART_CLASSES = {
    "sort_name": FieldClass.PUBLIC,
    "photo": FieldClass.PERSONAL,
    "further_categories": FieldClass.PUBLIC,
    "status_changes": FieldClass.PUBLIC,
}

HIDDEN = "＊＊＊"


def class_of(key):
    """The FieldClass of a field of the roster contract or of another part of a member's record."""
    return FIELD_CLASSES.get(key) or PART_CLASSES[key]


def mask(key, value):
    """`value` of the field `key` as one sees it who may not read the field's class; ``""`` stays ``""``.

    One fixed mask a field, of equal length, since different masks together rebuild a number (domain.md F4).
    """
    if not value:
        return ""
    if key in ("mobile", "second_mobile") and len(value) == 11 and value.isdigit():
        return f"{value[:3]}****{value[-4:]}"
    return HIDDEN


class Rights:
    """What one user may do today. Reads the grants once and remembers them for the user object's life."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def _roots(self):
        """[(role, path of the association)] of the grants in force today; a superuser manages everything."""
        if not self.user.is_authenticated or not self.user.is_active:
            return []
        if self.user.is_superuser:
            return [(Role.MANAGER, "")]
        return [(role, path) for role, _pk, path, body in self._grant_rows if body is None]

    @cached_property
    def _grant_rows(self):
        """[(role, id and path of the association, id of the body or None)] of the grants in force today."""
        grants = self.user.role_grants.in_force_on(timezone.localdate())
        return list(grants.values_list("role", "association", "association__path", "body"))

    @cached_property
    def _body_grants(self):
        """[(RoleRights, id of the body, id of its association)] of the grants in force today for one body alone."""
        if not self.user.is_authenticated or not self.user.is_active or self.user.is_superuser:
            return []
        return [(BODY_ROLES[role], body, pk) for role, pk, _path, body in self._grant_rows if body]

    def bodies_for(self, ability):
        """Ids of the bodies in which the user holds a role of their own that allows `ability`."""
        return frozenset(body for role, body, _pk in self._body_grants if ability in role.abilities)

    @cached_property
    def bodies(self):
        """Ids of the bodies whose rows the user may read by a role held there alone."""
        return self.bodies_for(Ability.READ)

    @property
    def own_bodies(self):
        """Ids of the bodies in which the user sits today, as a subquery."""
        from organizations.models import Appointment

        seats = Appointment.objects.in_force_on(timezone.localdate())
        mine = seats.filter(member__user=self.user) if self.user.is_authenticated else seats.none()
        return mine.order_by().values("body")

    def may_in_body(self, ability, body):
        """Whether the user may do `ability` to what belongs to `body` (a Body in the user's sight)."""
        return body.pk in self.bodies_for(ability) or self.may(ability, body.association_id)

    @cached_property
    def _tree(self):
        """The associations at and below those of the grants, in the order of the tree."""
        from organizations.models import Association

        if not self._roots:
            return []
        below = Q()
        for path in {path for _role, path in self._roots}:
            below |= Q(path__startswith=path)
        return list(Association.objects.filter(below))

    @property
    def association_name(self):
        """Name of the association in which the user holds all roles, "" if there are several or none."""
        names = {str(row) for row in self._tree for _role, path in self._roots if row.path == path}
        return names.pop() if len(names) == 1 else ""

    @cached_property
    def _grants(self):
        """[(RoleRights, {ids of the association and all below})] of the grants in force today."""
        return [
            (ROLES[role], frozenset(row.pk for row in self._tree if row.path.startswith(root)))
            for role, root in self._roots
        ]

    def associations_for(self, ability):
        """Ids of the associations to whose rows the user may do `ability`."""
        return frozenset().union(*(ids for role, ids in self._grants if ability in role.abilities))

    def associations_with(self, permission):
        """Ids of the associations in which a role of the user has the Django `permission`."""
        return frozenset().union(*(ids for role, ids in self._grants if permission in role.permissions))

    @cached_property
    def associations(self):
        """Ids of the associations whose rows the user may read."""
        return self.associations_for(Ability.READ)

    def associations_showing(self, field_class):
        """Ids of the associations in whose rows the user reads fields of `field_class` unmasked.

        Of rows that are in sight: who holds a role in one body alone sees only those who sat in it.
        """
        in_bodies = [{pk} for role, _body, pk in self._body_grants if field_class in role.classes]
        return frozenset().union(
            *(ids for role, ids in self._grants if field_class in role.classes), *in_bodies
        )

    def associations_counting(self, field_class):
        """Ids of the associations in which the user sees figures by fields of `field_class`, read or not."""
        return frozenset().union(
            *(
                ids
                for role, ids in self._grants
                if Ability.COUNT in role.abilities and field_class in role.classes | role.counted
            )
        )

    def may(self, ability, association_id):
        return association_id in self.associations_for(ability)

    def may_read(self, key, association_id):
        """Whether the field `key` of a row of that association is shown unmasked."""
        return association_id in self.associations_showing(class_of(key))

    def shown(self, key, value, association_id):
        """The text `value` of the field `key` of a row in sight, of that association, as the user may see it.

        Public fields of such a row are seen by a role held in one body alone too.
        """
        is_readable = class_of(key) == FieldClass.PUBLIC or self.may_read(key, association_id)
        return value if is_readable else mask(key, value)

    def may_search(self, key):
        """Whether the user reads `key` in every visible row, and so may filter, sort and search by it."""
        of_bodies = {pk for _role, _body, pk in self._body_grants}
        return self.associations | of_bodies <= self.associations_showing(FIELD_CLASSES[key])

    @cached_property
    def association_rows(self):
        """The associations whose rows the user may read, in the order of the tree."""
        return [row for row in self._tree if row.pk in self.associations]

    @cached_property
    def permissions(self):
        grants = [*self._grants, *self._body_grants]
        return frozenset().union(*(role.permissions for role, *_rest in grants))

    @cached_property
    def is_staff(self):
        """Whether the user works in the staff screens at all."""
        return bool(self.associations or self.bodies or self.associations_for(Ability.COUNT))

    @property
    def reads_figures_only(self):
        """Whether the statistics are all of the staff screens that is open to the user."""
        return self.is_staff and not self.associations and not self.bodies
