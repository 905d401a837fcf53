"""Category and township of people by the subheadings above them, or by the sheet's name."""

from members.roster.lists import category_of
from members.roster.rows import heading
from members.roster.text import tidy

# Subheadings and sheet names that are a township: 几江街道, 白沙镇.
_TOWNSHIP_ENDS = ("街道", "镇", "乡")
_TOWNSHIP_OFFICES = ("办事处", "人民政府")
_TOWNSHIP_LENGTH = range(3, 9)


def township_of(text):
    """The township a subheading or sheet name stands for, or ""."""
    words = "".join(text.split())
    for office in _TOWNSHIP_OFFICES:
        words = words.removesuffix(office)
    is_han = all("\u4e00" <= character <= "\u9fff" for character in words)
    return words if words.endswith(_TOWNSHIP_ENDS) and len(words) in _TOWNSHIP_LENGTH and is_han else ""


def group_of(text):
    """("category" or "township", value) that a heading tells, or None."""
    words = tidy(text)
    if not words:
        return None
    if township := township_of(words):
        return "township", township
    category = category_of(words)
    return ("category", category.value) if category else None


class Groups:
    """The subheadings in force while the rows of a sheet are read."""

    def __init__(self, sheet_name, fields):
        """`fields` are the keys that rows of this kind of sheet may have."""
        self.fields = fields
        own = self._group_of(heading(sheet_name)[1])
        self.sheet = [own] if own else []
        self.entered = []  # (level, field, value) from the top down

    def enter(self, text):
        """A subheading ends all of its level and below. Without numbering it ends them all."""
        level, words = heading(text)
        self.entered = [group for group in self.entered if level and group[0] and group[0] < level]
        group = self._group_of(words)
        if group:
            self.entered.append((level, *group))

    def _group_of(self, words):
        group = group_of(words)
        return group if group and group[0] in self.fields else None

    def leave(self):
        self.entered.clear()

    def __bool__(self):
        return bool(self.entered or self.sheet)

    def __iter__(self):
        """(field, value) of the groups in force, the closest first."""
        yield from ((field, value) for _level, field, value in reversed(self.entered))
        yield from self.sheet
