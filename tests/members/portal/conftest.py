"""For all tests of the members' own pages: files in a folder of their own, no attempts counted yet."""

from tests.members.test_accounts import no_attempts_yet
from tests.members.test_photo import private_files

__all__ = ["no_attempts_yet", "private_files"]
