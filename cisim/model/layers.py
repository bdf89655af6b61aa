"""Trust in two layers: what is felt now, and a reputation that ends how far it can return.

    s        = tanh(signal)
    T       += gain s (1 - T)(1 - R)                  s > 0, the earlier writing
    T       += gain s max(0, 1 - R - T)               s > 0, the later one: 1 - R is a ceiling
    T       += loss s T (1 + amplify D)               s < 0
    R       += -hurt s (1 - R)                        s < 0
    R       -= heal R                                 else

T is trust and R reputation damage, 0..1 each, D how much depends on the partner. Both start from
the opening values of the step. A signal of 0 leaves T where it is and lets R heal.

Source  Pant & Yu 2025 (arXiv:2510.24909): trust builds slowly and erodes sharply, and damage to a
        reputation bounds how far trust recovers
"""

from __future__ import annotations

from cisim.model.arithmetic import exp
from cisim.model.kernel import kernel

_FLAT = 20.0
"""Beyond it tanh is 1 to the last bit."""


@kernel
def bounded(signal):
    """Return tanh of a signal, with the same bits on every machine."""
    size = abs(signal)
    if not size < _FLAT:
        return 1.0 if signal > 0.0 else -1.0 if signal < 0.0 else signal
    square = signal * signal
    if square < 1e-4:  # 1 - small would lose its last digits
        return signal * (1.0 - square * (1 / 3 - square * (2 / 15 - square * (17 / 315))))
    twice = exp(2.0 * size)
    value = (twice - 1.0) / (twice + 1.0)
    return value if signal > 0.0 else -value


@kernel
def advance(trust, damage, signal, later, gain, loss, hurt, heal, amplify, dependence):
    """Return trust and reputation damage after one step.

    later : above 0 for the later writing
    """
    s = bounded(signal)
    if s > 0.0:
        room = max(0.0, 1.0 - damage - trust) if later > 0.0 else (1.0 - trust) * (1.0 - damage)
        now = trust + gain * s * room
    else:
        now = trust + loss * s * trust * (1.0 + amplify * dependence)
    left = damage - hurt * s * (1.0 - damage) if s < 0.0 else damage - heal * damage
    return min(1.0, max(0.0, now)), min(1.0, max(0.0, left))


@kernel
def hold(tie, level, evidence, prior, kept, broken):
    """Let a tie have a trust and so much evidence, in place.

    Whoever reads trust finds `level` in prior, kept and broken alike: (n0 T + T e) / (n0 + e) = T.
    """
    prior[tie] = level
    kept[tie] = level * evidence
    broken[tie] = evidence - kept[tie]
