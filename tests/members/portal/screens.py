"""What tests of the members' own pages share."""

from members.models import Consent
from members.privacy.consents import give_consent
from tests.make import make_member, make_user


def signed_in(client, name="", **fields):
    """The new member whom `client` is from now on."""
    member = make_member(name, user=make_user(), **fields)
    client.force_login(member.user)
    return member


def agree(member, *purposes):
    """`member` agrees to be listed in the directory, and to these further purposes."""
    for purpose in (Consent.Purpose.DIRECTORY, *purposes):
        give_consent(member, purpose, way=Consent.Way.SELF, actor=None)


def text_of(response):
    page = response.content.decode()
    return page[page.index("<body") :]
