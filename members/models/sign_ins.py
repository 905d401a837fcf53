"""Who signed in when, or tried to: kept at least 180 days (domain.md F2, F5: user, time, kind of event, success)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignIn(models.Model):
    """One sign-in or failed try. What was typed is not kept: people type their password into the wrong field."""

    class Outcome(models.TextChoices):
        SIGNED_IN = "in", _("signed in")
        FAILED = "failed", _("wrong password")
        WRONG_CODE = "code", _("wrong code")
        NO_FACTOR = "factor", _("second factor failed")
        LOCKED = "locked", _("refused: too many attempts")

    class Way(models.TextChoices):
        """How somebody proved who they are; the steps as allauth names them."""

        PASSWORD = "password", _("password")
        CODE = "code", _("code sent")
        RESET = "password_reset", _("link to a new password")
        WEBAUTHN = "webauthn", _("passkey")
        TOTP = "totp", _("authenticator app")
        RECOVERY = "recovery_codes", _("recovery code")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # the index below begins with it
        related_name="sign_ins",
        verbose_name=_("account"),
        help_text=_("Empty: no account by the name that was typed."),
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    ways = models.CharField(_("way"), max_length=100, blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(pgettext_lazy("sign-in", "device"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="sign_in_of_user")]

    def __str__(self):
        return f"{self.user} {self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"

    @property
    def is_success(self):
        return self.outcome == self.Outcome.SIGNED_IN

    @property
    def ways_said(self):
        """The steps in words: "password, passkey"."""
        known = dict(self.Way.choices)
        return "，".join(str(known.get(way, way)) for way in self.ways.split(",") if way)

    @property
    def device(self):
        from members.signing_in.devices import device_of

        return device_of(self.user_agent)
