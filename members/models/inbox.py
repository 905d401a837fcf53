"""Messages of the association to a member: in the portal's inbox, by e-mail too where the member agreed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.member import Member


class MessageQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)


class Message(models.Model):
    """A message to one member; members.inbox.tell writes it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="messages", verbose_name=_("member"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    # a page of ours that it is about
    link = models.CharField(_("page"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("sent"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["member"], condition=Q(read_at=None), name="message_unread")]

    def __str__(self):
        return self.title
