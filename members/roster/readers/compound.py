"""Compound files, the container of .xls and of encrypted workbooks ([MS-CFB])."""

from array import array
from struct import error, unpack_from

from .output import Refused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
"""Greater numbers in an allocation table are marks: end of chain, free, table."""
MINI_SECTOR = 64
STREAM, ROOT = 2, 5
ENTRY = 128


class Compound:
    def __init__(self, data):
        self.data = data
        try:
            self._read_tables()
            self._read_directory()
        except error:
            raise Refused("truncated") from None

    def _read_tables(self):
        data = self.data
        shift, mini_shift = unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refused("damaged")
        self.sector_size = 1 << shift
        count, self.directory = unpack_from("<2I", data, 44)
        self.cutoff, self.mini_start = unpack_from("<2I", data, 56)
        further, _ = unpack_from("<2I", data, 68)
        sectors = list(unpack_from("<109I", data, 76))
        limit = len(data) // self.sector_size + 1
        while further <= LAST_SECTOR and len(sectors) <= limit:
            block = _numbers(self._sector(further))
            sectors.extend(block[:-1])
            further = block[-1]
        self.table = array("I")
        for sector in sectors[: min(count, limit)]:
            if sector <= LAST_SECTOR:
                self.table.extend(_numbers(self._sector(sector)))

    def _read_directory(self):
        self.streams = {}
        self.root = self.mini = self.mini_table = None
        directory = self._chain(self.directory)
        for at in range(0, len(directory) - ENTRY + 1, ENTRY):
            length, kind = unpack_from("<HB", directory, at + 64)
            start, size = unpack_from("<2I", directory, at + 116)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == ROOT:
                self.root = start, size
            elif kind == STREAM:
                self.streams.setdefault(name.lower(), (start, size))
        if self.root is None:
            raise Refused("damaged")

    def _sector(self, number):
        begin = (number + 1) * self.sector_size
        sector = self.data[begin : begin + self.sector_size]
        if not sector:
            raise Refused("truncated")
        # the last sector of a file may be cut short; what it holds is checked against the stream's size
        return sector.ljust(self.sector_size, b"\0")

    def _chain(self, start):
        pieces = []
        for number in self._numbers_of(start, self.table):
            pieces.append(self._sector(number))
        return b"".join(pieces)

    @staticmethod
    def _numbers_of(start, table):
        left = len(table)
        while start <= LAST_SECTOR:
            if not left or start >= len(table):
                raise Refused("damaged")  # a loop, or a sector that is not there
            left -= 1
            yield start
            start = table[start]

    def read(self, name):
        start, size = self.streams[name]
        if size >= self.cutoff:
            stream = self._chain(start)
        else:
            if self.mini is None:
                self.mini = self._chain(self.root[0])
                self.mini_table = array("I", _numbers(self._chain(self.mini_start)))
            stream = b"".join(
                self.mini[number * MINI_SECTOR : (number + 1) * MINI_SECTOR]
                for number in self._numbers_of(start, self.mini_table)
            )
        if len(stream) < size:
            raise Refused("truncated")
        return stream[:size]


def _numbers(data):
    return unpack_from(f"<{len(data) // 4}I", data)
