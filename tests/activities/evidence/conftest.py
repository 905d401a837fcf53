"""For all tests of the pages of evidence records: files in a folder of their own, no attempts counted yet."""

from tests.members.test_accounts import no_attempts_yet
from tests.members.test_photo import private_files

__all__ = ["no_attempts_yet", "private_files"]
