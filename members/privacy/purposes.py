"""What each purpose of consent means, and what withdrawing it leaves as it is (PIPL art. 15)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from members.models import Consent

Purpose = Consent.Purpose


@dataclass(frozen=True)
class Meaning:
    agreed: str
    """What happens while the consent is in force."""
    unaffected: str
    """What withdrawing it does not touch."""
    is_separate: bool = False
    """Whether the law wants it given on its own, not along with others."""


_BESIDE = _("It is shown beside your entry in the directory; without the entry it is not shown.")
_STAFF = _("The secretariat still sees it in your record.")

# what a member may give and withdraw; having read the notice is no consent to anything
MEANINGS = {
    Purpose.DIRECTORY: Meaning(
        _("Other members find you in the directory with name, employer, position, category and posts."),
        _("Posts you hold still stand in the rosters of bodies and in papers that the charter asks for."),
    ),
    Purpose.DIRECTORY_PHOTO: Meaning(_BESIDE, _STAFF),
    Purpose.DIRECTORY_MOBILE: Meaning(_BESIDE, _STAFF),
    Purpose.DIRECTORY_EMAIL: Meaning(_BESIDE, _STAFF),
    Purpose.DIRECTORY_WECHAT: Meaning(_BESIDE, _STAFF),
    Purpose.MESSAGES: Meaning(
        _("Word of messages of the association also comes by e-mail and text message."),
        _("The messages themselves still wait for you here."),
    ),
    Purpose.PROVIDING: Meaning(
        _("The association may hand your record to another organization for a purpose it has told you."),
        _("What the law asks for, such as filing the officers, and what was handed over before."),
        is_separate=True,
    ),
    Purpose.PUBLISHING: Meaning(
        _("Your name and photo may appear in what the association publishes."),
        _("What was printed or sent out before."),
        is_separate=True,
    ),
}
