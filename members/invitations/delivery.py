"""Letters and text messages with invitations: handed to their server, with what it said noted on the invitation."""

import smtplib

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from members.emails import invitation_letter
from members.models import Invitation
from members.sms import SmsNotSent, sender

# so many go out while their request waits; more are the worker's
AT_ONCE = 20

# text messages that fail one after the other: after so many the service is not asked again
PATIENCE = 3

Failure, Way = Invitation.Failure, Invitation.Way


def deliver(pks, site):
    """Send the letters and messages of the invitations `pks` that wait for it; their links begin with `site`."""
    rows = Invitation.objects.pending().filter(pk__in=pks, delivered_at=None)
    rows = list(rows.select_related("member__association").order_by("pk"))
    for way, send in ((Way.EMAIL, _send_letters), (Way.SMS, _send_messages)):
        if of_way := [row for row in rows if row.way == way]:
            send(of_way, site)
            for row in of_way:
                row.delivered_at = None if row.failure else timezone.now()
            Invitation.objects.bulk_update(of_way, ["delivered_at", "failure"], batch_size=200)


def deliver_later(pks, site):
    deliver_in_background.enqueue(list(pks), site)


@task()
def deliver_in_background(pks, site):
    # a few at a time: what was sent is noted before the next ones go
    for start in range(0, len(pks), AT_ONCE):
        deliver(pks[start : start + AT_ONCE], site)


def _send_letters(rows, site):
    """Send to each of `rows` over one connection; a server that cannot be reached is not asked again for the rest."""
    connection = get_connection()
    unreachable = False
    for row in rows:
        row.failure = Failure.UNREACHABLE if unreachable else _send(connection, row, site)
        unreachable = row.failure == Failure.UNREACHABLE
    connection.close()


def _send(connection, row, site):
    """Send one letter; the Failure, "" if the server took it."""
    try:
        connection.send_messages([invitation_letter(row, site)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        failure = Failure.REFUSED
    except (smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected, smtplib.SMTPAuthenticationError):
        failure = Failure.UNREACHABLE
    except smtplib.SMTPException:
        failure = Failure.OTHER
    except OSError:  # SMTPException is one too: what is left is the network's
        failure = Failure.UNREACHABLE
    except UnicodeError:  # an address that cannot be written in a letter's head
        failure = Failure.REFUSED
    else:
        return ""
    # the next letter begins with a fresh connection
    connection.close()
    return failure


def _send_messages(rows, site):
    service, failed = sender(), 0
    for row in rows:
        if service is None or failed >= PATIENCE:
            row.failure = Failure.UNREACHABLE
            continue
        try:
            service.send(row.sent_to, message_text(row, site))
        except SmsNotSent:
            row.failure, failed = Failure.OTHER, failed + 1
        else:
            row.failure, failed = "", 0


def message_text(row, site):
    """The text message that invites: short, in Chinese whatever the language of who sends it."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("{association} invites you to open your account: {address} (good until {day})").format(
            association=row.member.association,
            address=site + row.get_absolute_url(),
            day=timezone.localtime(row.expires_at).strftime("%Y-%m-%d"),
        )
