"""The value of each statement in a column of which it has only one: an array, in which few statements are looked up."""

from array import array
from collections import Counter
from collections.abc import Mapping

from pyroaring import BitMap

Value = int | str


class Codes:
    """For each statement, by number, two bytes that stand for its value; 0 for none. There is room for 65,535 values."""

    def __init__(self, bitmaps: Mapping[Value, BitMap]) -> None:
        self._values: list[Value] = []
        self._codes_of: dict[Value, int] = {}
        self._codes = array("H")
        self._reach(max((numbers.max() for numbers in bitmaps.values()), default=0))
        for value, numbers in bitmaps.items():
            self.put(value, numbers)

    def _reach(self, number: int) -> None:
        missing = number + 1 - len(self._codes)
        if missing > 0:
            self._codes.frombytes(bytes(missing * self._codes.itemsize))

    def put(self, value: Value, numbers: BitMap) -> None:
        """Note that these statements, one at least, have a value."""
        if value not in self._codes_of:
            self._values.append(value)
            self._codes_of[value] = len(self._values)
        self._reach(numbers.max())
        code, codes = self._codes_of[value], self._codes
        for number in numbers:
            codes[number] = code

    def remove(self, numbers: BitMap) -> None:
        """Forget the values of these statements, of which there is one at least."""
        self._reach(numbers.max())
        for number in numbers:
            self._codes[number] = 0

    def counts(self, found: BitMap) -> dict[Value, int]:
        """How many of these statements have each value, without the values that none of them has."""
        if not found:
            return {}
        self._reach(found.max())
        counted = Counter(map(self._codes.__getitem__, found))
        return {self._values[code - 1]: count for code, count in counted.items() if code}
