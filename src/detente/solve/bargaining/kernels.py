"""Inner loops of the bargaining solver, compiled by numba.

points : (n, d) int64, one row for each value vector, in ascending lexicographic order,
         no row twice
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

BLOCK = 32
"""Kept points looked at together; a block whose best in each value does not reach a point
holds nothing that dominates it."""


def _kernel(function: Callable[..., Any]) -> Any:
    """Compile on first use, without Python's lock, and keep the code for the next process.

    Where nothing can be written numba refuses to keep it; then each process compiles anew.
    """
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


@_kernel
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


@_kernel
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


@_kernel
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


@_kernel
def pairs_2(left, right, right_count, place, size, need, ranks):
    """For each row of `left` how many of `right` reach a sum with it in both values.

    left, right : ascending in the first value
    place : (m,) rank of each right row's second value, 0 the largest; size of them
    need  : what the first values must add up to
    ranks : (n,) how many of the largest ranks suffice for each left row
    """
    tree = np.zeros(size + 1, np.int64)
    found = np.zeros(len(left), np.int64)
    at = len(right) - 1
    for i in range(len(left)):
        while at >= 0 and right[at, 0] >= need - left[i, 0]:
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


@_kernel
def pairs_any(left, right, right_count, need):
    """The same for any number of values, pair by pair."""
    d = left.shape[1]
    found = np.zeros(len(left), np.int64)
    for i in range(len(left)):
        for j in range(len(right)):
            fits = True
            for c in range(d):
                if left[i, c] + right[j, c] < need[c]:
                    fits = False
                    break
            if fits:
                found[i] += right_count[j]
    return found
