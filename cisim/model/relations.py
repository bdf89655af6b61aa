"""What follows from a tie and from two agendas: trust, familiarity, alignment.

    e_ij   = p_ij + n_ij
    tau_ij = (n0 tau0_ij + p_ij) / (n0 + e_ij)      trust
    f_ij   = e_ij / (n0 + e_ij)                     familiarity
    A(u,w) = exp(-|u - w|^2 / 2 sigma^2)            alignment

Source  V20 and R21 for trust that grows with regular interaction; forms and sizes: judgement
"""

from __future__ import annotations

import numpy as np

from cisim.model.arithmetic import exp, exp_each
from cisim.model.kernel import kernel


@kernel
def regard(prior, kept, broken, prior_weight):
    """Return trust and familiarity of one tie, 0..1 each, with one division."""
    per = 1.0 / (prior_weight + kept + broken)
    return (prior_weight * prior + kept) * per, (kept + broken) * per


@kernel
def regards(prior, kept, broken, prior_weight, trusts, known):
    """Write trust and familiarity of ties that lie side by side, as `regard` has them of each.

    It is one simple loop, which the processor does for several ties at once; in a loop that asks
    for each tie whether it counts, the divisions would come one by one.
    """
    for place in range(prior.size):
        trusts[place], known[place] = regard(prior[place], kept[place], broken[place], prior_weight)


BESIDE = 8
"""Of so many organisations, one after the other, the ties are gone over together."""


@kernel
def most_ties(start):
    """Return how many ties BESIDE organisations have together, of those that have most."""
    most = 0
    for i in range(0, start.size - 1, BESIDE):
        most = max(most, start[min(i + BESIDE, start.size - 1)] - start[i])
    return most


@kernel
def go_on(total, values):
    """Return a total and values, added one after the other."""
    for place in range(values.size):
        total += values[place]
    return total


@kernel
def add_up(values, start, end, first, last, totals):
    """Write what the ties of each organisation from `first` to before `last` add up to, (N,).

    Each sum is made from its first tie on; four are made side by side, as each addition waits for
    the one before it.

    values : of the ties from the row start[first] on
    """
    base = start[first]
    i = first
    while i + 4 <= last:
        a = values[start[i] - base : end[i] - base]
        b = values[start[i + 1] - base : end[i + 1] - base]
        c = values[start[i + 2] - base : end[i + 2] - base]
        d = values[start[i + 3] - base : end[i + 3] - base]
        each = min(min(a.size, b.size), min(c.size, d.size))
        of_a = of_b = of_c = of_d = 0.0
        for place in range(each):
            of_a += a[place]
            of_b += b[place]
            of_c += c[place]
            of_d += d[place]
        totals[i] = go_on(of_a, a[each:])
        totals[i + 1] = go_on(of_b, b[each:])
        totals[i + 2] = go_on(of_c, c[each:])
        totals[i + 3] = go_on(of_d, d[each:])
        i += 4
    while i < last:
        totals[i] = go_on(0.0, values[start[i] - base : end[i] - base])
        i += 1


@kernel
def trust(prior, kept, broken, prior_weight):
    """Return the trust of one tie, 0..1."""
    return (prior_weight * prior + kept) / (prior_weight + kept + broken)


@kernel
def familiarity(kept, broken, prior_weight):
    """Return how well one party of a tie knows the other, 0..1."""
    return (kept + broken) / (prior_weight + kept + broken)


@kernel
def apart(one, i, other, j, agree_scale):
    """Return the logarithm of how far two agendas agree."""
    a = one[i, 0] - other[j, 0]
    b = one[i, 1] - other[j, 1]
    c = one[i, 2] - other[j, 2]
    return -(a * a + b * b + c * c) / (2.0 * agree_scale * agree_scale)


@kernel
def alignment(one, i, other, j, agree_scale):
    """Return how far row i of `one` and row j of `other`, agendas of (., 3), agree, 0..1."""
    return exp(apart(one, i, other, j, agree_scale))


@kernel
def align(start, other, reverse, agenda, agree_scale, aligned):
    """Write the alignment of every tie, (A,), once for both of its directions.

    The same as `alignment` has for each; the exponentials are taken together.
    """
    ahead = np.empty(start[start.size - 1] // 2)
    count = np.uintp(0)
    for i in range(start.size - 1):
        x, y, z = agenda[i, 0], agenda[i, 1], agenda[i, 2]
        for j in other[start[i] : start[i + 1]]:
            if j > i:
                there = np.uintp(j)
                a = x - agenda[there, 0]
                b = y - agenda[there, 1]
                c = z - agenda[there, 2]
                ahead[count] = a * a + b * b + c * c
                count += np.uintp(1)
    wide = 2.0 * agree_scale * agree_scale
    for place in range(ahead.size):
        ahead[place] = -ahead[place] / wide
    exp_each(ahead)
    count = np.uintp(0)
    for tie in range(start[start.size - 1]):
        back = np.uintp(reverse[tie])
        if np.uintp(tie) < back:
            aligned[tie] = ahead[count]
            aligned[back] = ahead[count]
            count += np.uintp(1)


@kernel
def align_one(i, start, other, reverse, agenda, agree_scale, aligned):
    """Write the alignment of one organisation's ties, in both directions."""
    for tie in range(start[i], start[i + 1]):
        aligned[tie] = alignment(agenda, i, agenda, other[tie], agree_scale)
        aligned[reverse[tie]] = aligned[tie]
