"""What is too long for memory, in a file without a name, which is gone with the process whatever happens to it."""

import pickle
import tempfile
import weakref
from array import array
from bisect import bisect_right
from collections.abc import Sequence


class Spool:
    """Pieces of bytes in a file, found by the number under which each was written, from 0."""

    def __init__(self):
        self._file = tempfile.TemporaryFile(prefix="roster-")  # noqa: SIM115 (closed with the object)
        self._places = array("q", [0])
        weakref.finalize(self, self._file.close)

    def write(self, data):
        self._file.seek(self._places[-1])
        self._file.write(data)
        self._places.append(self._places[-1] + len(data))

    def read(self, number):
        start, stop = self._places[number : number + 2]
        self._file.seek(start)
        return self._file.read(stop - start)

    def __len__(self):
        return len(self._places) - 1


class SpooledList:
    """A list that can only grow: what comes last stays in memory, the rest goes to a file, piece by piece."""

    def __init__(self, piece=1000, pack=lambda entry: entry, unpack=lambda entry: entry):
        """`pack` and `unpack` make an entry what `pickle` writes quickly, and an entry again."""
        self._spool = Spool()
        self._last = []
        self._piece = piece
        self._pack, self._unpack = pack, unpack

    def append(self, entry):
        self._last.append(entry)
        if len(self._last) == self._piece:
            self._spool.write(pickle.dumps(list(map(self._pack, self._last)), pickle.HIGHEST_PROTOCOL))
            self._last = []

    def extend(self, entries):
        for entry in entries:
            self.append(entry)

    def __len__(self):
        return len(self._spool) * self._piece + len(self._last)

    def __iter__(self):
        for number in range(len(self._spool)):
            yield from map(self._unpack, self._written(number))
        yield from self._last

    def pick(self, places):
        """(place, entry) at these ascending places; other entries are not made anew."""
        number, written = None, ()
        for place in places:
            if place // self._piece >= len(self._spool):
                yield place, self._last[place % self._piece]
                continue
            if place // self._piece != number:
                number = place // self._piece
                written = self._written(number)
            yield place, self._unpack(written[place % self._piece])

    def _written(self, number):
        return pickle.loads(self._spool.read(number))  # noqa: S301 (we wrote it, and nobody else has the file)


class SpooledLines(Sequence):
    """Lists that stand in a spool, several to a piece; `load` makes them of a piece."""

    KEPT = 4
    """Pieces that are kept when they were used."""

    def __init__(self, spool, load):
        self._spool, self._load = spool, load
        self._numbers = array("q")
        self._starts = array("q")
        self._length = 0
        self._pieces = {}
        self._start = self._stop = 0
        self._rows = ()

    def add(self, piece, count):
        """Take a `piece` that holds the next `count` entries."""
        self._numbers.append(len(self._spool))
        self._starts.append(self._length)
        self._length += count
        self._spool.write(piece)

    def __len__(self):
        return self._length

    def __getitem__(self, index):
        if type(index) is slice:
            return [self[place] for place in range(*index.indices(self._length))]
        if not self._start <= index < self._stop:
            if index < 0:
                index += self._length
            if not 0 <= index < self._length:
                raise IndexError(index)
            self._turn_to(bisect_right(self._starts, index) - 1)
        return self._rows[index - self._start]

    def _turn_to(self, piece):
        rows = self._pieces.pop(piece, None)
        start = self._starts[piece]
        stop = self._starts[piece + 1] if piece + 1 < len(self._starts) else self._length
        if rows is None:
            rows = self._load(self._spool.read(self._numbers[piece]), stop - start)
            if len(self._pieces) == self.KEPT:
                del self._pieces[next(iter(self._pieces))]
        self._pieces[piece] = rows
        self._rows, self._start, self._stop = rows, start, stop
