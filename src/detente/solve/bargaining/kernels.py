"""Inner loops of the bargaining solver (see `compiling`).

points : (n, d) int64, one row for each value vector, in ascending lexicographic order,
         no row twice
"""

from __future__ import annotations

import numpy as np

from detente.solve.compiling import kernel

BLOCK = 32
"""Kept points looked at together; a block whose best in each value does not reach a point
holds nothing that dominates it."""


@kernel(lambda points, by: len(points) + len(by))
def dominated_2(points, by):
    """Which points some other row of `by` equals or exceeds in both values.

    Whatever dominates a row comes after it in lexicographic order, with a first value at
    least as large; so only the largest second value met so far counts.
    """
    found = np.zeros(len(points), np.bool_)
    at = len(by) - 1
    best = np.iinfo(np.int64).min
    any_ = False
    for i in range(len(points) - 1, -1, -1):
        x, y = points[i, 0], points[i, 1]
        while at >= 0 and (by[at, 0] > x or (by[at, 0] == x and by[at, 1] > y)):
            best = max(best, by[at, 1])
            any_ = True
            at -= 1
        found[i] = any_ and best >= y
    return found


@kernel(lambda points, by, *_: 8 * (len(points) + len(by)))
def dominated_3(points, by, place, by_place, size):
    """The same for three values (Kung, Luccio & Preparata 1975): rows come in descending
    order of the first; a Fenwick tree over the second keeps the largest third.

    place, by_place : ranks of the second values, 0 the largest; size of them
    """
    found = np.zeros(len(points), np.bool_)
    least = np.iinfo(np.int64).min
    tree = np.full(size + 1, least, np.int64)
    at = len(by) - 1
    for i in range(len(points) - 1, -1, -1):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        while at >= 0:
            bx, by_, bz = by[at, 0], by[at, 1], by[at, 2]
            if bx < x or (bx == x and (by_ < y or (by_ == y and bz <= z))):
                break
            node = by_place[at] + 1
            while node <= size:
                if tree[node] < bz:
                    tree[node] = bz
                node += node & -node
            at -= 1
        best = least
        node = place[i] + 1
        while node > 0:
            if tree[node] > best:
                best = tree[node]
            node -= node & -node
        found[i] = best > least and best >= z
    return found


@kernel(lambda points, by, same: len(points) * (4 + len(by) // 8) + len(by))
def dominated_any(points, by, same):
    """The same for any number of values, against blocks of the rows kept so far.

    same : points and by are the same rows; then dominated ones need not be kept
    """
    n, d = points.shape
    found = np.zeros(n, np.bool_)
    kept = np.empty((len(by), d), np.int64)
    tops = np.empty((len(by) // BLOCK + 1, d), np.int64)
    count = 0
    at = len(by) - 1
    for i in range(n - 1, -1, -1):
        if not same:
            while at >= 0:
                later = False
                for c in range(d):
                    if by[at, c] != points[i, c]:
                        later = by[at, c] > points[i, c]
                        break
                if not later:
                    break
                block = count // BLOCK
                for c in range(d):
                    kept[count, c] = by[at, c]
                    if count % BLOCK == 0 or tops[block, c] < by[at, c]:
                        tops[block, c] = by[at, c]
                count += 1
                at -= 1
        hit = False
        for block in range((count + BLOCK - 1) // BLOCK):
            near = True
            for c in range(1, d):
                if tops[block, c] < points[i, c]:
                    near = False
                    break
            if not near:
                continue
            for row in range(block * BLOCK, min(count, (block + 1) * BLOCK)):
                hit = True
                for c in range(1, d):
                    if kept[row, c] < points[i, c]:
                        hit = False
                        break
                if hit:
                    break
            if hit:
                break
        found[i] = hit
        if same and not hit:
            block = count // BLOCK
            for c in range(d):
                kept[count, c] = points[i, c]
                if count % BLOCK == 0 or tops[block, c] < points[i, c]:
                    tops[block, c] = points[i, c]
            count += 1
    return found


@kernel(lambda need, right, *_: 8 * (len(need) + len(right)))
def pairs_2(need, right, right_count, place, size, ranks):
    """For each row of `need` how many of `right` reach it in both values.

    need  : (n, 2) descending in the first value; right : (m, 2) ascending in it
    place : (m,) rank of each right row's second value, 0 the largest; size of them
    ranks : (n,) how many of the largest ranks reach each row's second value
    """
    tree = np.zeros(size + 1, np.int64)
    found = np.zeros(len(need), np.int64)
    at = len(right) - 1
    for i in range(len(need)):
        while at >= 0 and right[at, 0] >= need[i, 0]:
            node = place[at] + 1
            while node <= size:
                tree[node] += right_count[at]
                node += node & -node
            at -= 1
        node = ranks[i]
        while node > 0:
            found[i] += tree[node]
            node -= node & -node
    return found


@kernel(lambda need, right, *_: len(need) * len(right))
def pairs_any(need, right, right_count):
    """The same for any number of values, pair by pair."""
    d = need.shape[1]
    found = np.zeros(len(need), np.int64)
    for i in range(len(need)):
        for j in range(len(right)):
            fits = True
            for c in range(d):
                if right[j, c] < need[i, c]:
                    fits = False
                    break
            if fits:
                found[i] += right_count[j]
    return found


@kernel(lambda base, place, numbers, *_: 20 * len(base) * len(numbers))
def frontiers(
    base, place, numbers, limit, first, pair_s, pair_o, pair_at, target_at, cap,
    start, rows_out, draw_out, nash_out, met,
):  # fmt: skip
    """The Pareto frontier and the Nash packages of every draw of the open numbers.

    base    : (all options, d) int64, values where known
    place   : (m, 2) where each open number belongs: row of `base`, or -1 for a walk-away; party
    numbers : (draws, m) int64
    limit   : (d,) int64, walk-aways where known
    first   : (steps + 1,) the first row of `base` of each step
    pair_s, pair_o : state before and option, step by step, by the state they lead to
    pair_at   : where the pairs that lead to a state begin; targets of all steps in one row
    target_at : (steps + 1,) where each step's states after it begin in pair_at
    cap     : points to make room for
    start   : the draw to begin with
    rows_out : (size, steps) int16, draw_out (size,) int32, nash_out (size,) bool: packages on
               the frontier; modified in place. Of packages worth the same to everybody the
               first in the order of steps and options stands for all.
    met     : (draws,) uint64, modified in place: bit s is set where some point is accepted by
              exactly the set s of parties
    Returns the first draw not done and how many rows are used; the draw is negative (-1 - draw)
    where `cap` or the rows given are too few even for it alone.
    """
    d = base.shape[1]
    steps = first.shape[0] - 1
    values = base.copy()
    wall = limit.copy()
    now = np.empty((cap, d), np.int64)
    new = np.empty((cap, d), np.int64)
    rows = np.zeros((cap, steps), np.int16)
    new_rows = np.zeros((cap, steps), np.int16)
    acc = np.empty((cap, d), np.int64)
    acc_from = np.empty((cap, 2), np.int64)
    out = np.empty((cap, d), np.int64)
    out_from = np.empty((cap, 2), np.int64)
    begins = np.zeros(cap + 1, np.int64)
    new_begins = np.zeros(cap + 1, np.int64)
    vector = np.empty(d, np.int64)
    products = np.empty(1 << d, np.float64)
    used = 0
    for draw in range(start, len(numbers)):
        for c in range(len(place)):
            if place[c, 0] < 0:
                wall[place[c, 1]] = numbers[draw, c]
            else:
                values[place[c, 0], place[c, 1]] = numbers[draw, c]
        now[0] = 0
        begins[0], begins[1] = 0, 1
        for step in range(steps):
            total = 0
            targets = target_at[step + 1] - target_at[step]
            if targets > cap:
                return -1 - draw, used
            for t in range(targets):
                count = 0
                here = target_at[step] + t
                for pair in range(pair_at[here], pair_at[here + 1]):
                    s, o = pair_s[pair], pair_o[pair]
                    worth = values[first[step] + o]
                    i, j, made = 0, begins[s], 0
                    best = np.iinfo(np.int64).min
                    while i < count or j < begins[s + 1]:
                        # Which comes first, in descending lexicographic order: 1 the kept one.
                        if i == count:
                            turn = -1
                        elif j == begins[s + 1]:
                            turn = 1
                        else:
                            turn = 0
                            for c in range(d):
                                other = now[j, c] + worth[c]
                                if acc[i, c] != other:
                                    turn = 1 if acc[i, c] > other else -1
                                    break
                            if turn == 0:
                                p = acc_from[i, 0]
                                kept = acc_from[i, 1] <= o
                                for c in range(step):
                                    if rows[p, c] != rows[j, c]:
                                        kept = rows[p, c] < rows[j, c]
                                        break
                                if kept:
                                    j += 1
                                else:
                                    i += 1
                                continue
                        if turn == 1:
                            for c in range(d):
                                vector[c] = acc[i, c]
                            p, q = acc_from[i, 0], acc_from[i, 1]
                            i += 1
                        else:
                            for c in range(d):
                                vector[c] = now[j, c] + worth[c]
                            p, q = j, np.int64(o)
                            j += 1
                        if d == 2:
                            if made > 0 and vector[1] <= best:
                                continue
                            best = vector[1]
                        else:
                            hit = False
                            for row in range(made):
                                hit = True
                                for c in range(1, d):
                                    if out[row, c] < vector[c]:
                                        hit = False
                                        break
                                if hit:
                                    break
                            if hit:
                                continue
                        if made == cap:
                            return -1 - draw, used
                        for c in range(d):
                            out[made, c] = vector[c]
                        out_from[made, 0], out_from[made, 1] = p, q
                        made += 1
                    acc, out = out, acc
                    acc_from, out_from = out_from, acc_from
                    count = made
                if total + count > cap:
                    return -1 - draw, used
                new_begins[t] = total
                for row in range(count):
                    for c in range(d):
                        new[total, c] = acc[row, c]
                    for c in range(step):
                        new_rows[total, c] = rows[acc_from[row, 0], c]
                    new_rows[total, step] = acc_from[row, 1]
                    total += 1
            new_begins[targets] = total
            now, new = new, now
            rows, new_rows = new_rows, rows
            begins, new_begins = new_begins, begins
        count = begins[1]
        if used + count > len(rows_out):
            return (draw if used else -1 - draw), used
        # Who gains, and Nash among what all accept.
        seen = np.uint64(0)
        most = -1
        products[:] = -1.0
        for row in range(count):
            accepts, gains, number = 0, 0, 0
            product = 1.0
            for c in range(d):
                gain = now[row, c] - wall[c]
                if gain >= 0:
                    accepts |= 1 << c
                if gain > 0:
                    gains |= 1 << c
                    number += 1
                    product *= float(gain)
            seen |= np.uint64(1) << np.uint64(accepts)
            if accepts == (1 << d) - 1:
                if number > most:
                    most = number
                    products[:] = -1.0
                if number == most and product > products[gains]:
                    products[gains] = product
        met[draw] = seen
        for row in range(count):
            accepts, gains, number = 0, 0, 0
            product = 1.0
            for c in range(d):
                gain = now[row, c] - wall[c]
                if gain >= 0:
                    accepts |= 1 << c
                if gain > 0:
                    gains |= 1 << c
                    number += 1
                    product *= float(gain)
            # Products are rounded; two that are equal may differ in the last digits.
            nash_out[used] = (
                accepts == (1 << d) - 1
                and number == most
                and product >= products[gains] * (1 - 1e-12)
            )
            draw_out[used] = draw
            for c in range(steps):
                rows_out[used, c] = rows[row, c]
            used += 1
    return len(numbers), used
