"""Compiled search for names in what is said: which stretches of talk are near which names.

Everything is numbers here: a sound is its place in a table of costs, a word or name a row of them.
Names are filed by their consonants, with none, one or two left out (the deletion neighbourhoods of
Bocek, Hunt and Stiller, "Fast similarity search in large dictionaries", 2007), so that a stretch
is compared with few of them. Python's lock is let go meanwhile, so other threads go on.

All constants that are compiled in stand in this file: compiled code that is kept between runs is
renewed when its file changes, and not when another does.
"""

import numpy as np
from numba import njit

from transcriber.stages.spoken_names.numbered import (
    Costs,
    Desk,
    Filed,
    Lexicon,
    Names,
    Numbers,
    Reals,
    Room,
    Rows,
)

PRICE = 2.0
"""What a difference in sound takes away for each unit that equal sounds give."""
FLOOR = 0.9
"""However surprising the words are, this much of a name has to be heard."""
LEAST_LIKENESS = 0.5
LENGTH_MARGIN = 2.0
"""What is heard weighs between a half and the double of the name."""
MORE_WORDS = 3
"""Recognisers break a name into a few words more."""
MOST_LEFT_OUT = 2
"""Consonants that may be missing on either side where names are filed."""
MOST_WAYS_OF_STRETCH = 4
LONG_STRETCH = 3
"""Words of a stretch from which only the likeliest way to say a known word counts."""
EDGE = 0.35
"""Share of its cost that a sound takes at either end of what was heard."""
ROUNDING = 1e-9
KINDS = 11
"""One more than there are kinds of consonants, so that each row of few of them has a number."""
EMPTY = -1


@njit(cache=True, nogil=True)
def far_apart(name: Numbers, heard: Numbers, costs: Costs) -> float:
    """Return the least cost of turning a name into what was heard."""
    room = Room(np.empty(len(heard) + 1), np.empty(len(heard) + 1), np.empty(len(costs.lost)))
    _hear(heard, costs, room)
    return _far(name, heard, np.inf, costs.lost, costs.swap, room)


@njit(cache=True, nogil=True)
def _hear(heard: Numbers, costs: Costs, room: Room) -> float:
    """Prepare for names, and return the weight of what was heard."""
    heavy = 0.0
    for sound in heard:
        heavy += costs.lost[sound]
    room.edges[0] = 0.0
    for place in range(len(heard)):
        room.edges[place + 1] = room.edges[place] + EDGE * costs.lost[heard[place]]
    for sound in range(len(costs.lost)):
        least = costs.lost[sound]
        for other in heard:
            least = min(least, costs.swap[sound, other])
        room.least[sound] = least
    return heavy


@njit(cache=True, nogil=True)
def _far(name: Numbers, heard: Numbers, most: float, lost: Reals, swap: Reals, room: Room) -> float:
    """Fill Levenshtein's table, a row a sound of the name; infinity when it must be over `most`.

    Whatever the sounds that are left in the name meet, they cost their least.
    """
    edges, row, least, count = room.edges, room.row, room.least, len(heard)
    left = 0.0
    for sound in name:
        left += least[sound]
    if left > most:
        return np.inf
    row[: count + 1] = edges[: count + 1]
    for sound in name:
        diagonal = row[0]
        row[0] += lost[sound]
        nearest = row[0]
        for place in range(count):
            above = row[place + 1]
            row[place + 1] = min(
                diagonal + swap[sound, heard[place]],
                above + lost[sound],
                row[place] + lost[heard[place]],
            )
            diagonal = above
            nearest = min(nearest, row[place + 1])
        left -= least[sound]
        if nearest + left > most:
            return np.inf
    result = np.inf
    for place in range(count + 1):
        result = min(result, row[place] + edges[count] - edges[place])
    return result


@njit(cache=True, nogil=True)
def write_bones(sounds: Numbers, costs: Costs, into: Numbers) -> int:
    """Write the consonants of some sounds by kind, twins once; return how many there are."""
    count = 0
    for at in range(len(sounds)):
        sound = sounds[at]
        kind = costs.kind[sound]
        if costs.before_vowel[sound] and not (at + 1 < len(sounds) and costs.vowel[sounds[at + 1]]):
            continue
        if kind and (count == 0 or into[count - 1] != kind):
            into[count] = kind
            count += 1
    return count


@njit(cache=True, nogil=True)
def _key(bones: Numbers, one: int, two: int) -> int:
    """Return a number for consonants without the two at these places."""
    key = 0
    for at in range(len(bones)):
        if at not in (one, two):
            key = key * KINDS + bones[at]
    return key


@njit(cache=True, nogil=True)
def _write_keys(bones: Numbers, keys: Numbers) -> int:
    """Write the numbers of consonants with none, one or two left out; return how many."""
    keys[0] = _key(bones, EMPTY, EMPTY)
    count = 1
    if len(bones) > 1:
        for one in range(len(bones)):
            keys[count] = _key(bones, one, EMPTY)
            count += 1
    if len(bones) > MOST_LEFT_OUT + 1:
        for one in range(len(bones)):
            for two in range(one + 1, len(bones)):
                keys[count] = _key(bones, one, two)
                count += 1
    return count


@njit(cache=True, nogil=True)
def _most_keys(length: int) -> int:
    return 1 + length + length * (length - 1) // 2


@njit(cache=True, nogil=True)
def keys_of(bones: Rows) -> tuple[Numbers, Numbers]:
    """Return every key under which rows of consonants are filed, and the row of each."""
    rows = len(bones.starts) - 1
    size = 0
    for number in range(rows):
        size += _most_keys(bones.starts[number + 1] - bones.starts[number])
    keys, owners = np.empty(size, np.int64), np.empty(size, np.int64)
    count = 0
    for number in range(rows):
        row = bones.flat[bones.starts[number] : bones.starts[number + 1]]
        more = _write_keys(row, keys[count:])
        owners[count : count + more] = number
        count += more
    return keys[:count], owners[:count]


@njit(cache=True, nogil=True)
def _place(key: int, places: int) -> int:
    mixed = key * 0x9E3779B97F4A7C1
    return (mixed ^ (mixed >> 29)) & (places - 1)


@njit(cache=True, nogil=True)
def slots_of(keys: Numbers, places: int) -> Numbers:
    """Return a hash table of different keys; `places` is a power of two beyond their number."""
    slots = np.full(places, EMPTY, np.int64)
    for number in range(len(keys)):
        place = _place(keys[number], places)
        while slots[place] != EMPTY:
            place = (place + 1) & (places - 1)
        slots[place] = number
    return slots


@njit(cache=True, nogil=True)
def _row_of(key: int, filed: Filed) -> int:
    place = _place(key, len(filed.slots))
    while filed.slots[place] != EMPTY:
        if filed.keys[filed.slots[place]] == key:
            return int(filed.slots[place])
        place = (place + 1) & (len(filed.slots) - 1)
    return EMPTY


@njit(cache=True, nogil=True)
def _may_reach(bones: Numbers, least: float, filed: Filed, keys: Numbers) -> bool:
    """Whether any name with nearly these consonants could give this much evidence."""
    for at in range(_write_keys(bones, keys)):
        row = _row_of(keys[at], filed)
        if row != EMPTY and filed.heaviest[row] >= least:
            return True
    return False


@njit(cache=True, nogil=True)
def _join_bones(word: int, lexicon: Lexicon, bones: Numbers, count: int) -> int:
    for at in range(lexicon.bones.starts[word], lexicon.bones.starts[word + 1]):
        kind = lexicon.bones.flat[at]
        if count == len(bones):
            return count
        begins = at == lexicon.bones.starts[word]
        if not (begins and count and bones[count - 1] == kind):
            bones[count] = kind
            count += 1
    return count


@njit(cache=True, nogil=True)
def _ways_of(words: Numbers, number: int, lexicon: Lexicon) -> int:
    """Return how many ways there are to say a word of a stretch."""
    word = words[number]
    if len(words) >= LONG_STRETCH and lexicon.known[word]:
        return 1
    return int(lexicon.ways[word + 1] - lexicon.ways[word])


@njit(cache=True, nogil=True)
def _write_way(words: Numbers, way: int, lexicon: Lexicon, sounds: Numbers) -> int:
    """Write the sounds of one way to say a stretch, the last word's ways first; return how many."""
    chosen = np.empty(len(words), np.int64)
    for number in range(len(words) - 1, -1, -1):
        ways = _ways_of(words, number, lexicon)
        chosen[number] = lexicon.ways[words[number]] + way % ways
        way //= ways
    count = 0
    for one in chosen:
        for at in range(lexicon.sounds.starts[one], lexicon.sounds.starts[one + 1]):
            sounds[count] = lexicon.sounds.flat[at]
            count += 1
    return count


@njit(cache=True, nogil=True)
def _compare(
    heard: Numbers, size: int, least: float, names: Names, costs: Costs, desk: Desk
) -> None:
    """Note every name that gives `least` evidence in one way to say a stretch of `size` words."""
    filed = names.filed
    count = write_bones(heard, costs, desk.bones)
    if count > filed.longest + MOST_LEFT_OUT:
        return
    heavy = _hear(heard, costs, desk.room)
    desk.counts[0] += 1
    turn, seen = desk.counts[0], desk.seen
    # Taking an array out of a tuple costs more than a glance at a name, so it is done once.
    entries, starts, weights, sizes = (
        filed.names.flat,
        filed.names.starts,
        names.weights,
        names.sizes,
    )
    sounds, begins, cheapest = names.sounds.flat, names.sounds.starts, desk.room.least
    lost, swap = costs.lost, costs.swap
    for at in range(_write_keys(desk.bones[:count], desk.keys)):
        row = _row_of(desk.keys[at], filed)
        if row == EMPTY or filed.heaviest[row] < least:
            continue
        for entry in range(starts[row], starts[row + 1]):
            name = entries[entry]
            if seen[name] == turn:
                continue
            seen[name] = turn
            weight = weights[name]
            most = min(weight * (1 - LEAST_LIKENESS), (weight - least) / PRICE) + ROUNDING
            for number in range(begins[name], begins[name + 1]):
                most -= cheapest[sounds[number]]
            fits = heavy <= LENGTH_MARGIN * weight and weight <= LENGTH_MARGIN * heavy
            if most >= 0 and fits and size <= sizes[name] + MORE_WORDS:
                most = min(weight * (1 - LEAST_LIKENESS), (weight - least) / PRICE) + ROUNDING
                said = sounds[begins[name] : begins[name + 1]]
                far = _far(said, heard, most, lost, swap, desk.room)
                if 1 - far / weight >= LEAST_LIKENESS and weight - PRICE * far >= least:
                    _note(name, far, names, desk)


@njit(cache=True, nogil=True)
def _note(name: int, far: float, names: Names, desk: Desk) -> None:
    """Note a name that is nearer than other ways to say the same."""
    form = names.forms[name]
    before = desk.nearest[form]
    if before == EMPTY:
        desk.order[desk.counts[1]] = form
        desk.counts[1] += 1
    elif names.weights[name] - PRICE * far <= names.weights[before] - PRICE * desk.far[form]:
        return
    desk.nearest[form], desk.far[form] = name, far


@njit(cache=True, nogil=True)
def _compare_all(
    words: Numbers, least: float, lexicon: Lexicon, names: Names, costs: Costs, desk: Desk
) -> None:
    """Compare the likeliest ways to say a stretch."""
    ways = 1
    for number in range(len(words)):
        ways *= _ways_of(words, number, lexicon)
    for way in range(min(ways, MOST_WAYS_OF_STRETCH)):
        count = _write_way(words, way, lexicon, desk.sounds)
        _compare(desk.sounds[:count], len(words), least, names, costs, desk)


@njit(cache=True, nogil=True)
def search(
    limits: Reals, words: Numbers, lexicon: Lexicon, names: Names, costs: Costs
) -> list[tuple[int, int, int, float]]:
    """Return every name that stretches of words give enough evidence for.

    `limits[n, m]` is what is asked of the stretch of `m + 1` words that begins at word `n`; where
    it is infinite, that stretch and longer ones are not searched. Returned are the number of the
    first word, that of the last one, that of the nearest way to say the name, and how far it is;
    for one stretch those of at least FLOOR come first, and else in the order in which names are
    filed.
    """
    found = [(0, 0, 0, 0.0) for _ in range(0)]
    filed = names.filed
    longest = filed.longest + MOST_LEFT_OUT
    joined = np.empty(longest + 1, np.int64)
    desk = _desk(limits.shape[1], lexicon, names, costs)
    for first in range(limits.shape[0]):
        count = 0
        for last in range(first, first + limits.shape[1]):
            least = limits[first, last - first]
            if least == np.inf:
                break
            count = _join_bones(words[last], lexicon, joined, count)
            if count > longest:
                break
            if _may_reach(joined[:count], max(least, 0.0), filed, desk.keys):
                _compare_all(words[first : last + 1], least, lexicon, names, costs, desk)
                _take(first, last, names, desk, found)
    return found


@njit(cache=True, nogil=True)
def _desk(most_words: int, lexicon: Lexicon, names: Names, costs: Costs) -> Desk:
    longest = 0
    for way in range(len(lexicon.sounds.starts) - 1):
        longest = max(longest, lexicon.sounds.starts[way + 1] - lexicon.sounds.starts[way])
    longest *= most_words
    forms = 0
    for form in names.forms:
        forms = max(forms, form + 1)
    return Desk(
        np.empty(longest + 1, np.int64),
        np.empty(_most_keys(names.filed.longest + MOST_LEFT_OUT), np.int64),
        np.empty(longest, np.int64),
        Room(np.empty(longest + 1), np.empty(longest + 1), np.empty(len(costs.lost))),
        np.zeros(len(names.weights), np.int64),
        np.full(forms, EMPTY, np.int64),
        np.empty(forms),
        np.empty(forms, np.int64),
        np.zeros(2, np.int64),
    )


@njit(cache=True, nogil=True)
def _take(
    first: int, last: int, names: Names, desk: Desk, found: list[tuple[int, int, int, float]]
) -> None:
    """Move what was noted into what is found."""
    for weak in (False, True):
        for form in desk.order[: desk.counts[1]]:
            name, far = desk.nearest[form], desk.far[form]
            if (names.weights[name] - PRICE * far < FLOOR) == weak:
                found.append((first, last, name, far))
    for form in desk.order[: desk.counts[1]]:
        desk.nearest[form] = EMPTY
    desk.counts[1] = 0
