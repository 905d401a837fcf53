from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.rights import BODY_ROLES, Rights, Role
from organizations.models import Recorded


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Accounts that a manager may see: those with a role or a record in the manager's associations."""
        from members.rights import Ability

        ids = user.rights.associations_for(Ability.MANAGE)
        if user.is_superuser:
            return self
        return self.filter(
            models.Exists(RoleGrant.objects.filter(user=models.OuterRef("pk"), association__in=ids))
            | models.Q(member__association__in=ids)
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email=None, phone=None, password=None, **fields):
        user = self.model(email=email or None, phone=phone or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email=email, password=password, **fields | {"is_superuser": True})

    def get_by_natural_key(self, username):
        return self.get(email=username.lower())


class User(AbstractBaseUser, PermissionsMixin, Recorded):
    """Somebody who signs in, with an e-mail address or a mobile number (11 digits) or both."""

    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    phone = models.CharField(_("mobile number"), max_length=20, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Uncheck this instead of deleting the account.")
    )
    # birthdays are personal data: the workbench lists them to whoever asked for it
    shows_birthdays = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    password_set_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    unrecorded_fields = frozenset(
        {"password", "last_login", "created_at", "shows_birthdays", "password_set_at"}
    )
    # what is recorded of an account besides its own fields
    field_labels = {"second_factor": _("second factor")}

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="user_email_in_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
                name="user_can_be_addressed",
                violation_error_message=_("An account needs an e-mail address or a mobile number."),
            ),
        ]

    def clean(self):
        super().clean()
        self.email = self.email.lower() if self.email else None
        self.phone = self.phone or None

    def save(self, **kwargs):
        self.email = self.email.lower() if self.email else None
        super().save(**kwargs)

    def __str__(self):
        return self.name or self.email or self.phone or ""

    def set_password(self, raw_password):
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    @cached_property
    def rights(self):
        return Rights(self)

    @property
    def is_staff(self):
        """What Django's admin asks: whether staff screens open at all. Superusers have every right of a manager."""
        return self.is_superuser or self.rights.is_staff

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)


class RoleGrantQuerySet(models.QuerySet):
    def in_force_on(self, day):
        """Grants in force on the local date `day`, both ends included."""
        return self.filter(
            models.Q(starts_on__isnull=True) | models.Q(starts_on__lte=day),
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day),
        )


class RoleGrant(Recorded):
    """A role of a user in an association and everything below it, from a day to a day (design §4)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    association = models.ForeignKey(
        "organizations.Association",
        models.CASCADE,
        related_name="role_grants",
        verbose_name=_("association"),
    )
    body = models.ForeignKey(
        "organizations.Body",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="role_grants",
        verbose_name=_("only in the body"),
        help_text=_("Empty: in the association and everything below it."),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    basis = models.CharField(
        _("document"),
        max_length=200,
        blank=True,
        help_text=_("The letter or decision by which it is granted; needed where a department sees persons."),
    )

    objects = RoleGrantQuerySet.as_manager()

    whole_field = "user"

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "association"],
                condition=models.Q(body__isnull=True),
                name="role_granted_once",
                violation_error_message=_("This account has that role there already."),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "body"],
                condition=models.Q(body__isnull=False),
                name="role_granted_once_in_a_body",
                violation_error_message=_("This account has that role there already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="role_ends_after_start",
                violation_error_message=_("The role ends before it starts."),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(
                condition=~models.Q(role="department_persons")
                | (models.Q(starts_on__isnull=False, ends_on__isnull=False) & ~models.Q(basis="")),
                name="department_sees_persons_by_dated_grant",
                violation_error_message=_(
                    "A department sees persons only from a day to a day, by a document: enter all three."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()} ({self.body or self.association})"

    def in_force_on(self, day):
        return (not self.starts_on or self.starts_on <= day) and (not self.ends_on or self.ends_on >= day)

    def clean(self):
        if self.body and self.body.association_id != self.association_id:
            raise ValidationError({"body": _("That body belongs to another association.")})
        if self.body and self.role not in BODY_ROLES:
            raise ValidationError({"body": _("In one body alone there are secretaries and viewers.")})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The role ends before it starts.")})
        if self.role == Role.DEPARTMENT_PERSONS:
            asked = {
                "starts_on": _("A department sees persons only from a day on: enter it."),
                "ends_on": _("A department sees persons only up to a day: enter it."),
                "basis": _("A department sees persons only by a document: enter its title or number."),
            }
            if missing := {name: text for name, text in asked.items() if not getattr(self, name)}:
                raise ValidationError(missing)
