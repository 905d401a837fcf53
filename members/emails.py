"""Letters to members, one function each; their texts are in templates/members/email/."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection, send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from config.addresses import whole_address


def invitation_letter(invitation, site):
    """The letter that invites to open an account, unsent; its link begins with `site` (scheme and host)."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("[Member registry] {subject}").format(
            subject=_("Invitation of {association}").format(association=invitation.member.association.name)
        )
        context = {
            "invitation": invitation,
            "member": invitation.member,
            "association": invitation.member.association,
            "address": site + invitation.get_absolute_url(),
            "code_address": site + reverse("join_code"),
        }
        text = render_to_string("members/email/invitation.txt", context)
    return EmailMessage(subject, text, None, [invitation.sent_to])


def message_letter(message):
    """The letter that says that `message` waits in the inbox of its member, unsent."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("[Member registry] {subject}").format(subject=message.title)
        context = {"message": message, "address": whole_address(reverse("portal:inbox"))}
        text = render_to_string("members/email/message.txt", context)
    return EmailMessage(subject, text, None, [message.member.email])


def send_message(message):
    """Sends the letter about one message; that it cannot be sent is no reason to fail."""
    message_letter(message).send(fail_silently=True)


def send_messages(messages):
    """The letters about many messages, over one connection."""
    get_connection(fail_silently=True).send_messages([message_letter(each) for each in messages])


def send_sign_in_link(email, address):
    """The letter to `email` whose link, `address`, lets an account sign in with it."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("[Member registry] {subject}").format(subject=_("Sign in with this e-mail address"))
        text = render_to_string("members/email/sign_in_link.txt", {"address": address})
    send_mail(subject, text, None, [email])


def send_application_state(application):
    """The letter that says that the state of `application` has changed; none without an address.

    Without the link and the answer: the address was never confirmed, it may be another's.
    """
    address = application.answers.get("email")
    if not address:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Your application for membership: {state}").format(state=application.get_state_display())
        text = render_to_string("members/email/application.txt", {"application": application})
    send_mail(subject, text, None, [address], fail_silently=True)
