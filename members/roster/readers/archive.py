"""Zip archives, held in memory; sizes are checked before anything is unpacked.

The zipfile module would do, but importing it takes twice as long as reading a roster of 139 rows.
Format: PKWARE APPNOTE 6.3.
"""

import zlib
from struct import Struct, error

from .output import Refused

MAX_PARTS = 10_000
CHUNK = 1 << 18
END = Struct("<4s4H2IH")
END_64 = Struct("<4sQ2H2I4Q")
LOCATOR_64 = Struct("<4sIQI")
ENTRY = Struct("<4s6H3I5H2I")
LOCAL = Struct("<4s5H3I2H")
STORED, DEFLATED = 0, 8


class Archive:
    def __init__(self, data, limits):
        self.data = data
        self.parts = {}
        self.names = {}  # as written, by those of `parts`
        try:
            self._read_directory(limits["max_unpacked"])
        except error:
            raise Refused("truncated") from None

    def _read_directory(self, max_unpacked):
        data = self.data
        at = data.rfind(b"PK\5\6", max(0, len(data) - END.size - 0xFFFF))
        if at < 0:
            raise Refused("truncated")
        _, _, _, _, count, size, start, _ = END.unpack_from(data, at)
        begin = start
        if count == 0xFFFF or 0xFFFFFFFF in (size, start):
            count, begin = self._zip64(at)
        elif data[start : start + 4] != b"PK\1\2":
            begin = at - size  # something stands in front of the archive
            if begin < start:
                raise Refused("truncated")
        shift = begin - start if start != 0xFFFFFFFF else 0
        if count > MAX_PARTS:
            raise Refused("damaged")
        total = 0
        for _ in range(count):
            entry = ENTRY.unpack_from(data, begin)
            magic, _, _, flags, method, _, _, crc, packed, size, n, x, c, _, _, _, offset = entry
            if magic != b"PK\1\2":
                raise Refused("damaged")
            begin += ENTRY.size
            name = data[begin : begin + n].decode("utf-8" if flags & 0x800 else "cp437", "replace")
            extra = data[begin + n : begin + n + x]
            begin += n + x + c
            if 0xFFFFFFFF in (size, packed, offset):
                size, packed, offset = _zip64_sizes(extra, size, packed, offset)
            total += size
            if total > max_unpacked:
                raise Refused("zip_bomb", limit=max_unpacked >> 20)
            # part names do not depend on case (ECMA-376 part 2, 6.2.2); some programs write a slash in front
            name = name.replace("\\", "/").lstrip("/")
            key = name.lower()
            if key in self.parts:
                raise Refused("damaged")
            self.parts[key] = (flags, method, crc, packed, size, offset + shift)
            self.names[key] = name

    def _zip64(self, end):
        magic, _, at, _ = LOCATOR_64.unpack_from(self.data, max(0, end - LOCATOR_64.size))
        if magic != b"PK\6\7":
            raise Refused("damaged")
        record = END_64.unpack_from(self.data, min(at, len(self.data)))
        if record[0] != b"PK\6\6":
            raise Refused("damaged")
        return record[7], min(record[9], len(self.data))

    def __contains__(self, name):
        return name.lower() in self.parts

    def read(self, name):
        return b"".join(self.chunks(name))

    def chunks(self, name):
        """The unpacked part `name` in pieces, never more of it than the directory promised."""
        try:
            flags, method, crc, packed, size, offset = self.parts[name.lower()]
        except KeyError:
            raise Refused("damaged") from None
        if flags & 1:
            raise Refused("encrypted")
        try:
            magic, *_, n, x = LOCAL.unpack_from(self.data, offset)
        except error:
            raise Refused("truncated") from None
        begin = offset + LOCAL.size + n + x
        if magic != b"PK\3\4" or begin + packed > len(self.data):
            raise Refused("truncated")
        content = self.data[begin : begin + packed]
        if method == STORED:
            pieces = (content,)
        elif method == DEFLATED:
            pieces = _inflate(content, size)
        else:
            raise Refused("damaged")
        check = length = 0
        for piece in pieces:
            check = zlib.crc32(piece, check)
            length += len(piece)
            yield piece
        if check != crc or length != size:
            raise Refused("damaged")


def _inflate(content, size):
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while size > 0 and not stream.eof:
            piece = stream.decompress(content, min(CHUNK, size))
            if not piece:
                break
            size -= len(piece)
            content = stream.unconsumed_tail
            yield piece
    except zlib.error:
        raise Refused("damaged") from None


def _zip64_sizes(extra, size, packed, offset):
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == 1:
            numbers = iter(
                int.from_bytes(extra[i : i + 8], "little") for i in range(at + 4, at + 4 + length, 8)
            )
            return [
                next(numbers, value) if value == 0xFFFFFFFF else value for value in (size, packed, offset)
            ]
        at += 4 + length
    return size, packed, offset
