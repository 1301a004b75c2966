"""The inner loops (see `compiling`). All take arrays; `stability` allocates and checks.

They stay in one file: numba keeps compiled code as long as the file of the outermost kernel
does not change, and would not notice a change in another.

Common arguments, with n decision makers (DMs) and N cells:

shape, stride : (n,) int64, the grid
cls    : (n, most strategies) int32, class of each strategy; ascending, so that a class is a
         run of strategies
start  : (n, most classes + 1) int32, the first strategy of each class
subp, sub / supp, sup : for DM j and class c, the classes below are
         sub[j, subp[j, c] : subp[j, c + 1]], those above in the same way; c itself among them
rank   : (n, N) int32, -1 where infeasible
order  : (n, N) strategies: along each line of DM j, for each class (the run of places
         start[j, c] ...) its strategies from the least preferred up, infeasible ones last
lo     : (n, N): how many feasible states of its line of DM j are worse; FAR if infeasible
"""

from __future__ import annotations

from math import prod

import numpy as np

from detente.solve.compiling import kernel, part

TILE = 16
"""Neighbouring lines handled together, so that a line far apart in memory is read in whole
cache lines; 16 numbers of 4 bytes fill one."""


def _cells(shape):
    """How many cells a grid has."""
    return prod(shape.tolist())


@kernel(lambda j, first, last, shape, *_: 8 * (last - first) * shape[j])
def sort_lines(j, first, last, shape, stride, cls, start, supp, sup, rank, order, lo, best):
    """Sort the lines first..last-1 of DM j by preference.

    Modified in place: order[j], lo[j] and best, (N,) int32: the best rank j can reach from
    each cell or has there.
    """
    k, t = shape[j], stride[j]
    far = np.iinfo(lo.dtype).max
    classes = start.shape[1] - 1
    while classes > 0 and start[j, classes] == start[j, classes - 1]:
        classes -= 1
    key = np.empty((TILE, k), np.int64)
    other = np.empty(k, np.int64)
    fill = np.empty(classes, np.int64)
    top = np.empty(classes, np.int32)
    reach = np.empty(classes, np.int32)
    count = np.empty(257, np.int64)
    line = first
    while line < last:
        begin = (line // t) * k * t + line % t
        width = min(TILE, last - line, t - line % t)
        for a in range(k):
            at = begin + a * t
            for x in range(width):
                key[x, a] = (np.int64(rank[j, at + x]) + 1) * k + a
        for x in range(width):
            keys = key[x]
            if k <= 40:
                for a in range(1, k):
                    held = keys[a]
                    b = a - 1
                    while b >= 0 and keys[b] > held:
                        keys[b + 1] = keys[b]
                        b -= 1
                    keys[b + 1] = held
            else:
                _radix(keys, other, k, count)
            base = begin + x
            for c in range(classes):
                fill[c] = start[j, c]
                top[c] = -1
            # Infeasible cells have the smallest keys; they go behind the others.
            void = 0
            while void < k and keys[void] < k:
                void += 1
            worse = 0
            previous = np.int64(-1)
            for place in range(void, k):
                a = keys[place] % k
                value = keys[place] // k
                if value != previous:
                    worse = place - void
                    previous = value
                c = cls[j, a]
                order[j, base + fill[c] * t] = a
                fill[c] += 1
                top[c] = value - 1
                lo[j, base + a * t] = worse
            for place in range(void):
                a = keys[place]
                c = cls[j, a]
                order[j, base + fill[c] * t] = a
                fill[c] += 1
                lo[j, base + a * t] = far
            for c in range(classes):
                reach[c] = -1
                for e in range(supp[j, c], supp[j, c + 1]):
                    reach[c] = max(reach[c], top[sup[j, e]])
            for a in range(k):
                best[base + a * t] = reach[cls[j, a]]
        line += width


@part
def _radix(keys, other, n, count):
    """Sort n non-negative keys by bytes; `other` (n,) and count (257,) are scratch."""
    most = np.int64(0)
    for x in range(n):
        most = max(most, keys[x])
    shift = 0
    swapped = False
    while most >> shift:
        source, target = (other, keys) if swapped else (keys, other)
        count[:] = 0
        for x in range(n):
            count[((source[x] >> shift) & 255) + 1] += 1
        for b in range(256):
            count[b + 1] += count[b]
        for x in range(n):
            b = (source[x] >> shift) & 255
            target[count[b]] = source[x]
            count[b] += 1
        swapped = not swapped
        shift += 8
    if swapped:
        keys[:n] = other[:n]


@part
def _sorted_by(w, n, live, perm, spare, count, bits):
    """Indices 0..n-1 with live[x], by ascending w; returns how many.

    perm, spare : (n,) int32, modified in place; the result stands in perm
    count       : (2**bits + 1,) scratch
    """
    m = 0
    most = np.int32(0)
    for x in range(n):
        if live[x]:
            perm[m] = x
            m += 1
            most = max(most, w[x])
    shift = 0
    swapped = False
    mask = (1 << bits) - 1
    while most >> shift:
        source, target = (spare, perm) if swapped else (perm, spare)
        count[:] = 0
        for x in range(m):
            count[((w[source[x]] >> shift) & mask) + 1] += 1
        for b in range(mask + 1):
            count[b + 1] += count[b]
        for x in range(m):
            s = source[x]
            b = (w[s] >> shift) & mask
            target[count[b]] = s
            count[b] += 1
        swapped = not swapped
        shift += bits
    if swapped:
        perm[:m] = spare[:m]
    return m


@part
def _sweep_improvements(
    n, m, perm, w, size, step, nc, start, subp, sub, offset, order, lo, pointer, seen, stack, out
):
    """The least w that the opponents' improvements lead to, for every state of a slice.

    States are visited from the least w up; from each the opponents' improvements are walked
    backwards, and a state gets the w at hand the first time it is touched. A pointer into
    each class of each line, sorted by its mover's preference, only ever moves forward.

    size, step : (J,) strategies and stride, within the slice, of each opponent
    order      : (J, n), lo : (n, J), as in the module's docstring, within the slice
    pointer    : scratch; seen : (n,) bool, True where infeasible; both are modified
    out        : (n,) int32, modified in place
    """
    opponents = size.shape[0]
    for j in range(opponents):
        c_count = nc[j]
        lines = n // size[j]
        for line in range(lines):
            for c in range(c_count):
                pointer[offset[j] + line * c_count + c] = start[j, c]
    left = m
    for x in range(m):
        root = perm[x]
        if seen[root]:
            continue
        seen[root] = True
        value = w[root]
        out[root] = value
        stack[0] = root
        top = 1
        left -= 1
        while top > 0:
            top -= 1
            s = stack[top]
            for j in range(opponents):
                mine = lo[s, j]
                if mine == 0:
                    continue
                t = step[j]
                k = size[j]
                q = s // t
                r = s - q * t
                h = q // k
                base = h * k * t + r
                line = h * t + r
                if nc[j] == 1:
                    at = offset[j] + line
                    p = pointer[at]
                    while p < mine:
                        b = base + np.int64(order[j, base + p * t]) * t
                        p += 1
                        if not seen[b]:
                            seen[b] = True
                            out[b] = value
                            stack[top] = b
                            top += 1
                            left -= 1
                    pointer[at] = p
                else:
                    c = _class_at(start, j, nc[j], q - h * k)
                    for e in range(subp[j, c], subp[j, c + 1]):
                        d = sub[j, e]
                        at = offset[j] + line * nc[j] + d
                        p = pointer[at]
                        end = start[j, d + 1]
                        while p < end:
                            b = base + np.int64(order[j, base + p * t]) * t
                            if lo[b, j] >= mine:
                                break
                            p += 1
                            if not seen[b]:
                                seen[b] = True
                                out[b] = value
                                stack[top] = b
                                top += 1
                                left -= 1
                        pointer[at] = p
        if left == 0:
            break


@part
def _class_at(start, j, count, a):
    """The class of strategy a of DM j: the run of strategies it lies in."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high + 1) // 2
        if start[j, middle] <= a:
            low = middle
        else:
            high = middle - 1
    return low


@part
def _sweep_moves(n, m, perm, w, size, step, nc, start, subp, sub, offset, done, seen, stack, out):
    """As _sweep_improvements, for any moves: each class of each line is walked only once."""
    opponents = size.shape[0]
    for j in range(opponents):
        for at in range(offset[j], offset[j] + n // size[j] * nc[j]):
            done[at] = 0
    left = m
    for x in range(m):
        root = perm[x]
        if seen[root]:
            continue
        seen[root] = True
        value = w[root]
        out[root] = value
        stack[0] = root
        top = 1
        left -= 1
        while top > 0 and left > 0:
            top -= 1
            s = stack[top]
            for j in range(opponents):
                t = step[j]
                k = size[j]
                q = s // t
                r = s - q * t
                h = q // k
                base = h * k * t + r
                lines = offset[j] + (h * t + r) * nc[j]
                c = 0 if nc[j] == 1 else _class_at(start, j, nc[j], q - h * k)
                if done[lines + c]:
                    continue
                for e in range(subp[j, c], subp[j, c + 1]):
                    d = sub[j, e]
                    if done[lines + d]:
                        continue
                    done[lines + d] = 1
                    for a in range(start[j, d], start[j, d + 1]):
                        b = base + a * t
                        if not seen[b]:
                            seen[b] = True
                            out[b] = value
                            stack[top] = b
                            top += 1
                            left -= 1
        if left == 0:
            break


@kernel(
    lambda i, first, last, shape, *_: 20 * (last - first) * (_cells(shape) // shape[i]) * len(shape)
)
def sweep_slices(
    i, first, last, shape, stride, start, nc, subp, sub, rank, order, lo, best, free, out
):
    """For slices first..last-1 of DM i: the least w its opponents can lead it to.

    A slice is the cells in which i has one strategy; opponents' moves do not leave it. It is
    copied together first, so that the sweeps stay in the processor's cache.

    best : (N,) int32, from sort_lines for i
    free : every cell is feasible and none of i's opponents has an irreversible option
    out  : (4, N) int32, modified in place: GMR, SMR, SEQ, SSEQ
    """
    dms = shape.shape[0]
    k, t = shape[i], stride[i]
    n = rank.shape[1] // k
    opponents = dms - 1
    size = np.empty(opponents, np.int64)
    step = np.empty(opponents, np.int64)
    who = np.empty(opponents, np.int64)
    offset = np.empty(opponents + 1, np.int64)
    offset[0] = 0
    x = 0
    for j in range(dms):
        if j != i:
            who[x] = j
            size[x] = shape[j]
            step[x] = stride[j] if j > i else stride[j] // k
            offset[x + 1] = offset[x] + n // shape[j] * nc[j]
            x += 1
    starts = np.empty((opponents, start.shape[1]), start.dtype)
    subps = np.empty((opponents, subp.shape[1]), subp.dtype)
    subs = np.empty((opponents, sub.shape[1]), sub.dtype)
    ncs = np.empty(opponents, nc.dtype)
    for x in range(opponents):
        starts[x] = start[who[x]]
        subps[x] = subp[who[x]]
        subs[x] = sub[who[x]]
        ncs[x] = nc[who[x]]
    my_order = np.empty((opponents, n), order.dtype)
    my_lo = np.empty((n, opponents), lo.dtype)
    pointer = np.empty(offset[opponents], order.dtype)
    live = np.empty(n, np.bool_)
    seen = np.empty(n, np.bool_)
    w = np.empty(n, np.int32)
    perm = np.empty(n, np.int32)
    spare = np.empty(n, np.int32)
    stack = np.empty(n, np.int32)
    result = np.empty(n, np.int32)
    bits = 8 if n < 1 << 13 else 11
    count = np.empty((1 << bits) + 1, np.int64)
    run = min(t, n)
    for a in range(first, last):
        full = True
        for h in range(n // run):
            far = h * run * k + a * run
            near = h * run
            for x in range(opponents):
                j = who[x]
                for y in range(run):
                    my_order[x, near + y] = order[j, far + y]
                for y in range(run):
                    my_lo[near + y, x] = lo[j, far + y]
            for y in range(run):
                live[near + y] = rank[i, far + y] >= 0
                full = full and live[near + y]
        for concept in range(2):  # with w for GMR and SEQ, then for SMR and SSEQ
            for h in range(n // run):
                far = h * run * k + a * run
                near = h * run
                if concept == 0:
                    for y in range(run):
                        w[near + y] = rank[i, far + y]
                else:
                    for y in range(run):
                        w[near + y] = best[far + y]
            m = _sorted_by(w, n, live, perm, spare, count, bits)
            if full and free:
                # Opponents can go anywhere in the slice, unless there are none that can move.
                result[:] = w[perm[0]] if m else 0
            else:
                for y in range(n):
                    seen[y] = not live[y]
                _sweep_moves(
                    n, m, perm, w, size, step, ncs, starts, subps, subs, offset, pointer,
                    seen, stack, result,
                )  # fmt: skip
            for h in range(n // run):
                far = h * run * k + a * run
                for y in range(run):
                    out[concept, far + y] = result[h * run + y]
            for y in range(n):
                seen[y] = not live[y]
            _sweep_improvements(
                n, m, perm, w, size, step, ncs, starts, subps, subs, offset, my_order, my_lo,
                pointer, seen, stack, result,
            )  # fmt: skip
            for h in range(n // run):
                far = h * run * k + a * run
                for y in range(run):
                    out[2 + concept, far + y] = result[h * run + y]


@kernel(lambda i, first, last, shape, *_: 12 * (last - first) * shape[i])
def judge_lines(i, first, last, shape, stride, cls, nc, supp, sup, rank, least, stable):
    """For the lines first..last-1 of DM i: which of their states are stable for i.

    Along a line from the best state down, keep for each class the largest of what sanctions
    leave i with (`least`, (4, N)) over the states passed; s is stable if over the classes i
    can go to from s that is at most the rank of s. Nash: nothing better was passed.

    stable : (N,) uint8, modified in place: bits Nash, GMR, SMR, SEQ, SSEQ from the lowest
    """
    k, t = shape[i], stride[i]
    classes = nc[i]
    value = np.empty((TILE, k), np.int32)
    risk = np.empty((TILE, 4, k), np.int32)
    flag = np.empty((TILE, k), np.uint8)
    key = np.empty(k, np.int64)
    other = np.empty(k, np.int64)
    count = np.empty(257, np.int64)
    passed = np.empty((classes, 4), np.int32)
    line = first
    while line < last:
        begin = (line // t) * k * t + line % t
        width = min(TILE, last - line, t - line % t)
        for a in range(k):
            at = begin + a * t
            for x in range(width):
                value[x, a] = rank[i, at + x]
            for c in range(4):
                for x in range(width):
                    risk[x, c, a] = least[c, at + x]
        for x in range(width):
            for a in range(k):
                key[a] = (np.int64(value[x, a]) + 1) * k + a
            if k <= 40:
                for a in range(1, k):
                    held = key[a]
                    b = a - 1
                    while b >= 0 and key[b] > held:
                        key[b + 1] = key[b]
                        b -= 1
                    key[b + 1] = held
            else:
                _radix(key, other, k, count)
            passed[:] = -1
            place = k - 1
            while place >= 0 and key[place] >= k:
                mine = key[place] // k
                low = place
                while low >= 0 and key[low] // k == mine:
                    a = key[low] % k
                    c = cls[i, a]
                    r0 = np.int32(-1)
                    r1 = np.int32(-1)
                    r2 = np.int32(-1)
                    r3 = np.int32(-1)
                    for e in range(supp[i, c], supp[i, c + 1]):
                        d = sup[i, e]
                        r0 = max(r0, passed[d, 0])
                        r1 = max(r1, passed[d, 1])
                        r2 = max(r2, passed[d, 2])
                        r3 = max(r3, passed[d, 3])
                    own = mine - 1
                    # r0 is -1 only if nothing was passed: a rank is never negative.
                    flag[x, a] = (
                        (r0 < 0)
                        | ((r0 <= own) << 1)
                        | ((r1 <= own) << 2)
                        | ((r2 <= own) << 3)
                        | ((r3 <= own) << 4)
                    )
                    low -= 1
                while place > low:
                    a = key[place] % k
                    c = cls[i, a]
                    for e in range(4):
                        passed[c, e] = max(passed[c, e], risk[x, e, a])
                    place -= 1
            while place >= 0:
                flag[x, key[place]] = 0
                place -= 1
        for a in range(k):
            at = begin + a * t
            for x in range(width):
                stable[at + x] = flag[x, a]
        line += width


@kernel(lambda stable, first, last, *_: (last - first) * len(stable))
def bits_in_all(stable, first, last, counts, both):
    """Equilibria of cells first..last-1: the bits that every DM's row has.

    stable : (n, N) uint8; both : (N,) uint8, modified in place
    counts : (n + 1, 32) int64, modified in place: how often each combination of bits stands
             in each row, and last in `both`
    """
    dms = stable.shape[0]
    for s in range(first, last):
        all_ = np.uint8(31)
        for i in range(dms):
            bits = stable[i, s]
            all_ &= bits
            counts[i, bits] += 1
        both[s] = all_
        counts[dms, all_] += 1


@kernel(lambda mode, movers, shape, *_: _cells(shape) * sum(shape))
def walk(
    mode, movers, shape, stride, cls, start, supp, sup, rank, queue, filled, came, mover, costs
):
    """Breadth-first from the cells queue[:filled]; returns how many cells were reached.

    mode   : 0 any legal move; 1 only moves that are improvements for their mover; 2 as few
             moves that are no improvements as can be
    movers : (n,) bool, who may move
    queue  : (N,) int64, modified in place: cells in the order they are reached
    came   : (N,) int64, modified in place: the cell from which each was reached; must be -1
             where not reached yet, and the cell itself for those in the queue
    mover  : (N,) int8, modified in place: who moved there
    costs  : (N,) int32, modified in place: for mode 2, the moves that were no improvements
    """
    dms = shape.shape[0]
    head = 0
    level = 0
    while head < filled:
        begin = level
        # Mode 2 first exhausts improvements at one cost, then makes one move of another kind.
        for phase in range(2 if mode == 2 else 1):
            at = head if phase == 0 else begin
            improving = mode == 1 or (mode == 2 and phase == 0)
            stop = filled
            while at < (filled if phase == 0 else stop):
                s = queue[at]
                at += 1
                for j in range(dms):
                    if not movers[j]:
                        continue
                    k, t = shape[j], stride[j]
                    a = (s // t) % k
                    base = s - a * t
                    mine = rank[j, s]
                    c = cls[j, a]
                    for e in range(supp[j, c], supp[j, c + 1]):
                        d = sup[j, e]
                        for b in range(start[j, d], start[j, d + 1]):
                            to = base + b * t
                            if came[to] >= 0:
                                continue
                            theirs = rank[j, to]
                            if theirs < 0 or (improving and theirs <= mine):
                                continue
                            came[to] = s
                            mover[to] = j
                            costs[to] = costs[s] + (0 if improving else 1)
                            queue[filled] = to
                            filled += 1
            if phase == 0:
                head = at
            if mode == 2 and phase == 1:
                level = stop
        if mode != 2:
            break
    return filled
