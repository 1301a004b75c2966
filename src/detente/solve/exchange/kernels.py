"""The inner loops (see `compiling`). Everything here takes arrays; `branch` and `order` allocate.

Sets of deliverables are bits of a number. Common arguments, with n deliverables and m rows:

add   : (n, m) int64, what each delivery adds to each row
base  : (m,) int64, the rows where nothing is delivered
need  : (n,) uint64, what must come before each
cap   : (m,) int64, no set may have a row above it
soft  : (m,) bool, the rows whose largest is a set's height
table : (8, 256, m) int64, sums of `add` over each value of each byte
"""

from __future__ import annotations

import numpy as np

from detente.solve.compiling import kernel, part

RUNNING, FOUND, EXHAUSTED, FULL, CROWDED = 0, 1, 2, 3, 4
"""How a search stands; CROWDED: its tables must grow before it can go on."""

LEVEL, STACK, HEAP, SEEN, STATUS, NODES = 0, 1, 2, 3, 4, 5
"""Places in a search's registers."""

AT, MADE, LOOKED = 0, 2, 5
"""Places in those of `next_rounds`, beside SEEN and STATUS."""

NEVER = 255
"""No way to the end."""

ONE = np.uint64(1)
ZERO = np.uint64(0)
BYTE = np.uint64(255)


@part
def slot_of(keys, key, direct):
    """Where a set is kept, or would be: its own number, or a free place after its hash.

    keys : (power of two,) uint64; a set is kept as itself plus one, 0 is a free place
    """
    if direct:
        return np.int64(key)
    mask = np.uint64(keys.shape[0] - 1)
    mixed = key * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    at = mixed & mask
    while keys[np.int64(at)] != ZERO and keys[np.int64(at)] != key + ONE:
        at = (at + ONE) & mask
    return np.int64(at)


@kernel(lambda old, *_: len(old))
def rehash(old, came_old, keys, came):
    """Move every set into larger tables. Modified in place: keys, came."""
    for i in range(old.shape[0]):
        if old[i] != ZERO:
            at = slot_of(keys, old[i] - ONE, False)
            keys[at] = old[i]
            came[at] = came_old[i]


@kernel(lambda add, *more: 4 * add.size * min(more[-1], 1 << len(add)))
def climb(
    add, base, need, cap, soft, table, rank, under, direct,
    keys, came, stack, heights, heap, reg, budget,
):  # fmt: skip
    """Look for the way from the empty set to the full one whose highest set is lowest.

    The water rises: all sets reachable below the level are visited, deepest first; sets above
    it wait in a heap, and when nothing else is left the level rises to the lowest of them. So
    when the full set is reached, the level is the least that will do; until then, no way stays
    below it. The heights of the empty and the full set do not count.

    rank   : (n,) int64, the deliveries to try, last to first
    under  : sets of this height or more are left out: something no higher is known
    direct : a set's place in `came` is its own number; keys is not used
    keys, came : the sets met and the delivery that led there; modified in place
    stack  : (k,) uint64, sets to go on from; modified in place
    heights, heap : (k,), (k,) waiting sets, a binary heap; modified in place
    reg    : (6,) int64: level, lengths of stack and heap, sets met, status, sets expanded
    budget : sets to expand before returning
    """
    n, m = add.shape
    full = ZERO
    for d in range(n):
        full |= ONE << np.uint64(d)
    sums = np.empty(m, np.int64)
    reg[STATUS] = RUNNING
    for _ in range(budget):
        if reg[STACK] == 0:
            if reg[HEAP] == 0:
                reg[STATUS] = EXHAUSTED
                return
            if heights[0] > reg[LEVEL]:
                reg[LEVEL] = heights[0]
            stack[0] = heap[0]
            reg[STACK] = 1
            last = reg[HEAP] - 1
            reg[HEAP] = last
            high, moved = heights[last], heap[last]
            at = 0
            while True:
                child = 2 * at + 1
                if child >= last:
                    break
                if child + 1 < last and heights[child + 1] < heights[child]:
                    child += 1
                if heights[child] >= high:
                    break
                heights[at], heap[at] = heights[child], heap[child]
                at = child
            heights[at], heap[at] = high, moved
        if (
            reg[STACK] + n >= stack.shape[0]
            or reg[HEAP] + n >= heap.shape[0]
            or (not direct and 4 * (reg[SEEN] + n) >= 3 * keys.shape[0])
        ):
            reg[STATUS] = FULL
            return
        reg[STACK] -= 1
        have = stack[reg[STACK]]
        reg[NODES] += 1
        for p in range(m):
            sums[p] = base[p]
        for b in range((n + 7) // 8):
            byte = np.int64((have >> np.uint64(8 * b)) & BYTE)
            for p in range(m):
                sums[p] += table[b, byte, p]
        # A delivery that raises no row can always be made at once.
        only = -1
        for d in range(n):
            bit = ONE << np.uint64(d)
            if have & bit == ZERO and need[d] & ~have == ZERO:
                harmless = True
                for p in range(m):
                    if add[d, p] > 0:
                        harmless = False
                        break
                if harmless:
                    only = d
                    break
        for r in range(n):
            d = rank[r] if only < 0 else only
            if only >= 0 and r > 0:
                break
            bit = ONE << np.uint64(d)
            if have & bit != ZERO or need[d] & ~have != ZERO:
                continue
            to = have | bit
            at = slot_of(keys, to, direct)
            if came[at] != NEVER:
                continue
            if to == full:
                came[at] = d
                if not direct:
                    keys[at] = to + ONE
                reg[STATUS] = FOUND
                return
            high = np.int64(0)
            fits = True
            for p in range(m):
                number = sums[p] + add[d, p]
                if number > cap[p]:
                    fits = False
                    break
                if soft[p] and number > high:
                    high = number
            if not fits or high >= under:
                continue
            came[at] = d
            if not direct:
                keys[at] = to + ONE
            reg[SEEN] += 1
            if high <= reg[LEVEL]:
                stack[reg[STACK]] = to
                reg[STACK] += 1
            else:
                at = reg[HEAP]
                reg[HEAP] += 1
                while at > 0:
                    parent = (at - 1) // 2
                    if heights[parent] <= high:
                        break
                    heights[at], heap[at] = heights[parent], heap[parent]
                    at = parent
                heights[at], heap[at] = high, to


@kernel(lambda keys, came, full, direct, found: len(found))
def trail(keys, came, full, direct, found):
    """The deliveries that led to the full set, in order. Modified in place: found."""
    at = full
    for i in range(found.shape[0] - 1, -1, -1):
        d = came[slot_of(keys, at, direct)]
        found[i] = d
        at &= ~(ONE << np.uint64(d))


@kernel(
    lambda add, base, need, cap, soft, width, *_: (
        2 * add.size * min(width * len(add), 1 << len(add))
    )
)
def beam(add, base, need, cap, soft, width, floor, order):
    """An order by keeping the `width` best sets of each size; -1 where caps leave none.

    Best: the lowest way so far, then the lowest sum of rows above 0, then of all rows. Ways
    below `floor` are as good as ways there. Returns the height of its way, or `floor` where
    that is higher. Modified in place: order, (n,) int64.
    """
    n, m = add.shape
    sets = np.zeros((n + 1, width), np.uint64)
    came = np.zeros((n + 1, width), np.int64)
    which = np.zeros((n + 1, width), np.int64)
    ways = np.full(width, floor, np.int64)
    rows = np.zeros((width, m), np.int64)
    rows[0] = base
    count = 1
    most = width * n
    new = np.zeros(most, np.uint64)
    new_way = np.zeros(most, np.int64)
    new_sum = np.zeros(most, np.float64)
    new_from = np.zeros(most, np.int64)
    new_by = np.zeros(most, np.int64)
    for size in range(n):
        made = 0
        for i in range(count):
            have = sets[size, i]
            for d in range(n):
                bit = ONE << np.uint64(d)
                if have & bit != ZERO or need[d] & ~have != ZERO:
                    continue
                high = np.int64(0)
                above = 0.0
                whole = 0.0
                fits = True
                for p in range(m):
                    number = rows[i, p] + add[d, p]
                    if size < n - 1:
                        if number > cap[p]:
                            fits = False
                        if soft[p] and number > high:
                            high = number
                    above += max(0, number)
                    whole += number
                if not fits:
                    continue
                new[made] = have | bit
                new_way[made] = max(ways[i], high)
                new_sum[made] = above + whole * 1e-6
                new_from[made] = i
                new_by[made] = d
                made += 1
        if made == 0:
            return np.int64(-1)
        by_sum = np.argsort(new_sum[:made], kind="mergesort")
        chosen = by_sum[np.argsort(new_way[:made][by_sum], kind="mergesort")]
        taken = 0
        # One set may be made in several ways; all are equally good from here on but the first.
        met = np.zeros(4 * width + 8, np.uint64)
        old = rows.copy()
        next_ways = np.zeros(width, np.int64)
        for c in chosen:
            if taken == width:
                break
            at = slot_of_small(met, new[c])
            if met[at] == new[c] + ONE:
                continue
            met[at] = new[c] + ONE
            sets[size + 1, taken] = new[c]
            came[size + 1, taken] = new_from[c]
            which[size + 1, taken] = new_by[c]
            next_ways[taken] = new_way[c]
            for p in range(m):
                rows[taken, p] = old[new_from[c], p] + add[new_by[c], p]
            taken += 1
        count = taken
        ways[:] = next_ways
    at = 0
    for size in range(n, 0, -1):
        order[size - 1] = which[size, at]
        at = came[size, at]
    return ways[0]


@part
def slot_of_small(keys, key):
    """As `slot_of`, in a table of any size."""
    size = np.uint64(keys.shape[0])
    mixed = key * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(32)
    at = np.int64(mixed % size)
    while keys[at] != ZERO and keys[at] != key + ONE:
        at = at + 1 if at + 1 < keys.shape[0] else 0
    return at


@kernel(lambda low, high, need_low, need_high, need, giver, limit, rest: len(need) * len(rest))
def repeats(low, high, need_low, need_high, need, giver, limit, rest):
    """For every set, the fewest times somebody delivers twice in succession from there on.

    low, high : (4096, m) int64, rows of the sets of the first twelve deliverables (with the
                base) and of the others
    need_low, need_high : (4096,) int64, what the members of such sets need
    giver     : (n,) int64
    limit     : (m,) int64: sets with a row above it are not passed, the full set excepted
    rest      : (2^n,) uint8, modified in place: the repeats times 8, plus the giver of the next
                delivery where only one giver's keeps to them, else 7; 255 where no way leads on

    Whoever delivered last, the count from a set is the same, but for one more if the only
    giver that keeps to it is the last one: so one byte holds it for all of them.
    """
    n = need.shape[0]
    m = low.shape[1]
    size = rest.shape[0]
    rest[size - 1] = 7
    for have in range(size - 2, -1, -1):
        rest[have] = NEVER
        a, b = have & 4095, have >> 12
        if (need_low[a] | need_high[b]) & ~have != 0:
            continue
        fits = True
        for p in range(m):
            if low[a, p] + high[b, p] > limit[p]:
                fits = False
                break
        if not fits:
            continue
        best = np.int64(31)
        who = np.int64(7)
        for d in range(n):
            if have >> d & 1 == 0 and need[d] & ~have == 0:
                then = np.int64(rest[have | 1 << d])
                if then == NEVER:
                    continue
                count = then >> 3
                if then & 7 == giver[d]:
                    count += 1
                if count < best:
                    best, who = count, giver[d]
                elif count == best and who != giver[d]:
                    who = 7
        if best < 31:
            rest[have] = best << 3 | who


@kernel(lambda rows, own, *_: 3 ** len(own))
def rounds_left(rows, own, need, giver, limit, left):
    """For every set, the fewest rounds from there to the end.

    rows  : (2^n, m) int64, the rows of each set
    own   : (n,) int64, what giving each adds to its giver's row
    need  : (n,) int64; giver : (n,) int64
    limit : (m,) int64, no party's row may be above it at any moment but the very end
    left  : (2^n,) uint8, modified in place; 255 where no way leads on
    """
    n = need.shape[0]
    m = limit.shape[0]
    full = left.shape[0] - 1
    left[full] = 0
    for have in range(full - 1, -1, -1):
        left[have] = NEVER
        fits = True
        for p in range(m):
            if rows[have, p] > limit[p]:
                fits = False
        if not fits:
            continue
        may = 0
        for d in range(n):
            if have >> d & 1 == 0 and need[d] & ~have == 0:
                may |= 1 << d
        part = may
        best = NEVER
        while part > 0:
            then = left[have | part]
            if then < best - 1 or (then < NEVER and best == NEVER):
                if worst_fits(rows, own, giver, limit, have, part, full):
                    best = then + 1
            part = (part - 1) & may
        left[have] = best


@part
def worst_fits(rows, own, giver, limit, have, part, full):
    """Is every moment of a round within the limit?

    A party is worst off where it has given all of its part and has received nothing. Where
    that is the whole exchange done, the moment before counts: all but its least gift.
    """
    n = own.shape[0]
    m = limit.shape[0]
    for p in range(m):
        given = 0
        least = np.int64(1) << 62
        count = 0
        size = 0
        for d in range(n):
            if part >> d & 1:
                size += 1
                if giver[d] == p:
                    given += own[d]
                    count += 1
                    least = min(least, own[d])
        if count == size and have | part == full:
            given -= least
        if rows[have, p] + given > limit[p]:
            return False
    return True


@kernel(lambda sets, add, *more: add.size * min(more[-1], len(sets) << len(add)))
def next_rounds(
    sets, add, table, need, company, free, rank, may, room, keys, goals, new, reg, budget,
):  # fmt: skip
    """Every set that one more round makes of some, from either end (`meeting`).

    A round can follow a set where each row, with all that the round adds to it and nothing that
    it takes off, is within its room.

    sets    : (k,) uint64, sets to go on from; those before reg[AT] are done
    company : (n,) uint64, what each may not come sooner than
    free    : what is given as soon as it can be
    rank    : (n,) int64, each after its company
    may     : what may be given at all
    room    : (m,) int64, no row may be above it at any moment
    keys    : a table of the sets met so far; modified in place (see `slot_of`)
    goals   : the same of the other end, whose sets are what is still to come here
    new     : (k,) uint64, the sets not met before; modified in place
    reg     : (6,) int64, modified in place: the next of `sets`, how many in `new`, in `keys`,
              status, rounds looked at. FOUND: the other end has met what is to come after the
              last of `new`. A set that a return cuts short is begun anew.
    budget  : rounds to look at before returning; FULL where one set alone has more
    """
    n, m = add.shape
    full = ZERO
    for d in range(n):
        full |= ONE << np.uint64(d)
    left = np.empty((n + 1, m), np.int64)
    cost = np.maximum(add, 0)
    open_ = np.empty(n, np.int64)
    place = np.empty(n + 1, np.int64)
    begun = reg[LOOKED]
    reg[STATUS] = RUNNING
    while reg[AT] < sets.shape[0]:
        before = reg[LOOKED]
        have = sets[reg[AT]]
        fits = True
        for p in range(m):
            left[0, p] = room[p]
            for b in range((n + 7) // 8):
                byte = np.int64((have >> np.uint64(8 * b)) & BYTE)
                left[0, p] -= table[b, byte, p]
            if left[0, p] < 0:
                fits = False
        count = 0
        now = have
        if fits:
            for r in range(n):
                d = rank[r]
                bit = ONE << np.uint64(d)
                if have & bit == ZERO and may & bit != ZERO and need[d] & ~have == ZERO:
                    if free & bit != ZERO:
                        now |= bit
                    else:
                        open_[count] = d
                        count += 1
        depth = 0
        i = 0
        visit = now != have
        while True:
            if visit:
                visit = False
                reg[LOOKED] += 1
                if reg[LOOKED] - begun > budget:
                    if before == begun:
                        reg[STATUS] = FULL
                    else:
                        reg[LOOKED] = before
                    return
                at = slot_of(keys, now, False)
                if keys[at] == ZERO:
                    if 4 * (reg[SEEN] + 1) >= 3 * keys.shape[0] or reg[MADE] >= new.shape[0]:
                        reg[STATUS] = CROWDED
                        return
                    keys[at] = now + ONE
                    reg[SEEN] += 1
                    new[reg[MADE]] = now
                    reg[MADE] += 1
                    if goals[slot_of(goals, full & ~now, False)] != ZERO:
                        reg[STATUS] = FOUND
                        return
            deeper = False
            while i < count:
                d = open_[i]
                i += 1
                fits = company[d] & ~now == ZERO
                if fits:
                    for p in range(m):
                        if cost[d, p] > left[depth, p]:
                            fits = False
                            break
                if fits:
                    for p in range(m):
                        left[depth + 1, p] = left[depth, p] - cost[d, p]
                    depth += 1
                    place[depth] = i - 1
                    now |= ONE << np.uint64(d)
                    deeper = True
                    break
            if deeper:
                visit = True
                continue
            if depth == 0:
                break
            i = place[depth]
            now &= ~(ONE << np.uint64(open_[i]))
            i += 1
            depth -= 1
        reg[AT] += 1
    reg[STATUS] = EXHAUSTED


@kernel(lambda sets, add, *_: add.size * len(sets))
def leads_to(sets, add, table, need, room, to):
    """The place of the first of some sets from which one round leads to another; -1 if none."""
    n, m = add.shape
    for k in range(sets.shape[0]):
        have = sets[k]
        if have & ~to != ZERO or have == to:
            continue
        fits = True
        for d in range(n):
            bit = ONE << np.uint64(d)
            if to & bit != ZERO and have & bit == ZERO and need[d] & ~have != ZERO:
                fits = False
                break
        if not fits:
            continue
        for p in range(m):
            number = np.int64(0)
            for b in range((n + 7) // 8):
                number += table[b, np.int64((have >> np.uint64(8 * b)) & BYTE), p]
            for d in range(n):
                bit = ONE << np.uint64(d)
                if to & bit != ZERO and have & bit == ZERO and add[d, p] > 0:
                    number += add[d, p]
            if number > room[p]:
                fits = False
                break
        if fits:
            return k
    return -1
