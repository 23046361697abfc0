"""Repeated multiplication: what becomes of a signal, or of its error signal, after many layers or time steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.activations import tanh_grad
from fnnkit.arguments import Float, describe, real_array, same_length, whole_number

Function = Callable[[Float], Float]

DEFECTIVE = 1e-7
"""Eigenvectors that are linearly dependent up to this are taken to be dependent: the matrix has a Jordan block."""


def _square(name: str, W: ArrayLike) -> Float:
    """Check a square matrix of finite numbers with at least one row."""
    W = real_array(name, W, ("m", "m"))
    if W.shape[0] != W.shape[1] or W.size == 0:
        raise ValueError(f"{name} should be square with at least one row, but it is {describe(W)}")
    if not np.isfinite(W).all():
        raise ValueError(f"{name} should be finite, but an entry is infinite or NaN")
    return W


def _at_least_zero(name: str, value: ArrayLike) -> float:
    """Check a finite number that is not negative."""
    number = float(real_array(name, value, ()))
    if not (0 <= number < np.inf):
        raise ValueError(f"{name} should be finite and not negative, but it is {describe(value)}")
    return number


# --- powers of one matrix ------------------------------------------------------------------------------------


def spectrum(W: ArrayLike) -> NDArray[np.complex128]:
    """Eigenvalues of a real matrix, the largest modulus first; complex ones come in conjugate pairs.

    ``W`` (m, m) is finite; returns (m,), complex numbers also where all eigenvalues are real.

    Slide "Vanishing and Exploding Gradient Problem"; Golub, Van Loan (2013), section 7.1.

    >>> spectrum([[0.0, -2.0], [2.0, 0.0]]).round(12).tolist()
    [2j, -2j]
    """
    values = np.linalg.eigvals(_square("W", W)).astype(np.complex128)
    # Conjugate pairs have equal moduli: the upper half of the plane goes first.
    return values[np.lexsort((-values.imag, -np.abs(values)))]


def power_by_eigen(W: ArrayLike, k: int) -> Float:
    """Power of a matrix through its eigenvalues, ``Wᵏ = V diag(λ)ᵏ V⁻¹``.

    A real matrix can have complex eigenvalues: they come in conjugate pairs, whose imaginary parts cancel in the
    product, and only there.

    ``W`` (m, m) is diagonalisable, ``k`` is 0 or more; returns (m, m), real. Refused with a ``ValueError`` are a
    matrix whose eigenvectors do not span the space (condition number of V above 1e7), such as
    ``[[1, 1], [0, 1]]``, and a power that is larger than a float64 can be.

    Slide "Vanishing and Exploding Gradient Problem"; Goodfellow et al. (2016), equation 8.11.

    A quarter turn has the eigenvalues i and −i, and four of them do nothing:

    >>> power_by_eigen([[0.0, -1.0], [1.0, 0.0]], 4).round(12) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    W, k = _square("W", W), whole_number("k", k)
    eigenvalues, V = np.linalg.eig(W)
    if not np.linalg.cond(V) <= 1 / DEFECTIVE:
        raise ValueError("W should be diagonalisable, but its eigenvectors are linearly dependent")
    with np.errstate(over="ignore", invalid="ignore"):
        power: Float = (V * eigenvalues**k @ np.linalg.inv(V)).real
    if not np.isfinite(power).all():
        raise ValueError(f"W to the power k = {k} is larger than a float64 can be")
    return power


def spectral_radius(W: ArrayLike) -> float:
    """Largest modulus of an eigenvalue: the factor by which ``Wᵏ`` grows or shrinks a step, in the long run.

    ``W`` (m, m) is finite.

    Slide "Vanishing and Exploding Gradient Problem"; Pascanu, Mikolov, Bengio (2013), section 2.1.

    The norm of this matrix is 100 and its radius ½:

    >>> spectral_radius([[0.5, 100.0], [0.0, 0.5]])
    0.5
    """
    return float(np.abs(np.linalg.eigvals(_square("W", W))).max())


def fate(W: ArrayLike) -> str:
    """What becomes of ``Wᵏ`` as k grows: it vanishes, explodes, or stays between bounds.

    The spectral radius decides, up to 1e-9, unless it is 1. Then ``Wᵏ`` stays bounded if the eigenvalues of modulus
    1 have as many independent eigenvectors as there are of them; otherwise they form a Jordan block, such as
    ``[[1, 1], [0, 1]]``, whose powers grow like a power of k. (The slides have ``|λ| > 1`` alone.)

    ``W`` (m, m) is finite. Returns ``"vanishes"``, ``"explodes"`` or ``"stays"``.

    Slide "Vanishing and Exploding Gradient Problem"; Horn, Johnson (2013), section 3.2.5.

    >>> fate([[0.9, 5.0], [0.0, 0.9]]), fate([[1.0, 0.0], [0.0, 1.0]]), fate([[1.0, 1.0], [0.0, 1.0]])
    ('vanishes', 'stays', 'explodes')
    """
    eigenvalues, V = np.linalg.eig(_square("W", W))
    radius = np.abs(eigenvalues).max()
    if radius < 1 - 1e-9:
        return "vanishes"
    if radius > 1 + 1e-9:
        return "explodes"
    for i in np.flatnonzero(np.abs(eigenvalues) >= 1 - 1e-9):
        # Rounding splits the double eigenvalue of a Jordan block by about 1e-8: look a little further.
        near = np.abs(eigenvalues - eigenvalues[i]) < 1e-4
        near[i] = False
        weights = np.linalg.lstsq(V[:, near], V[:, i])[0]
        if np.linalg.norm(V[:, i] - V[:, near] @ weights) < DEFECTIVE:
            return "explodes"
    return "stays"


def power_norms(W: ArrayLike, K: int) -> Float:
    """Spectral norms of the powers of a matrix: how much k steps can stretch a vector.

    ``W`` (m, m) is finite. Returns (K + 1,), ``‖Wᵏ‖₂`` for k = 0 .. K; infinite where a power is larger than a
    float64 can be.

    Slide "Vanishing and Exploding Gradient Problem"; Trefethen, Embree (2005), chapter 16.

    >>> power_norms([[0.0, 3.0], [0.0, 0.0]], 2)
    array([1., 3., 0.])
    """
    W, K = _square("W", W), whole_number("K", K)
    norms, power = np.full(K + 1, np.inf), np.eye(len(W))
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(K + 1):
            if not np.isfinite(power).all():
                break
            norms[k] = np.linalg.norm(power, 2)
            power = power @ W
    return norms


def transient_peak(W: ArrayLike, K: int) -> tuple[float, int]:
    """How far ``‖Wᵏ‖₂`` rises within K steps, and when.

    A spectral radius below one says what happens in the end. Before, a non-normal matrix can grow for long.

    ``W`` (m, m) is finite. Returns the peak of ``‖Wᵏ‖₂`` over k = 0 .. K, at least 1, and the first k that
    attains it: a later one has to be larger by more than rounding, one part in 1e12.

    Slide "Vanishing and Exploding Gradient Problem"; Trefethen, Embree (2005), chapter 16; Goodfellow
    et al. (2016), section 10.7.

    >>> peak, k = transient_peak([[0.95, 5.0], [0.0, 0.95]], 100)
    >>> round(peak, 1), k
    (37.7, 19)
    """
    norms = power_norms(W, K)
    first = int(np.argmax(norms >= norms.max() * (1 - 1e-12)))
    return float(norms[first]), first


def matrix_of_pair(modulus: float, angle: float, skew: float = 1.0) -> Float:
    """Real 2 × 2 matrix with the eigenvalues ``r exp(±iφ)``, normal or not.

    It turns by the angle and stretches by the modulus, along circles for ``skew = 1`` and along ellipses whose axes
    are in the ratio ``skew`` otherwise: then vectors grow and shrink on their way round.

    ``modulus`` is r ≥ 0, ``angle`` φ in radians, ``skew`` positive, 1 for a normal matrix. Returns (2, 2).

    Slide "Vanishing and Exploding Gradient Problem"; Horn, Johnson (2013), section 2.5 (real normal matrices).

    >>> spectrum(matrix_of_pair(0.9, np.pi / 2, skew=4)).round(12).imag
    array([ 0.9, -0.9])
    """
    modulus, angle = _at_least_zero("modulus", modulus), float(real_array("angle", angle, ()))
    if _at_least_zero("skew", skew) == 0:
        raise ValueError(f"skew should be positive and finite, but it is {describe(skew)}")
    if not np.isfinite(angle):
        raise ValueError(f"angle should be finite, but it is {describe(angle)}")
    cos, sin = modulus * np.cos(angle), modulus * np.sin(angle)
    return np.array([[cos, -skew * sin], [sin / skew, cos]])


# --- error signals through time and layers -------------------------------------------------------------------


def deltas_through_time(W: ArrayLike, Z: ArrayLike, delta_T: ArrayLike) -> Float:
    """How long the error signal stays alive on its way back through a recurrent network of tanh units.

    The loss stands at the last step alone. ``δ_{t−1} = g′(z_{t−1}) ∘ (δ_t Wᵀ)``, where each δ is the error signal at
    the pre-activations. (The slide has ``g′(z₁) g′(z₂) g′(z₃) (W³)ᵀ δ``: the factors do not commute, unless g′ is
    constant.)

    ``W`` (m, m) are the recurrent weights of ``z_t = h_{t−1} W + …``; ``Z`` (T, m) or (T, n, m) the
    pre-activations, the first step first; ``delta_T`` (m,) or (n, m) is the error signal at the last ones, whose own
    values do not matter.
    Returns (T,), Euclidean norms over all examples together, ``t = T`` first; one that explodes beyond the
    largest float64 is infinite, and what comes of it can be NaN.

    Slides "Backpropagation: Example" and "Vanishing and Exploding Gradient Problem"; Bengio, Simard, Frasconi
    (1994), section IV; Pascanu, Mikolov, Bengio (2013), equation 5.

    >>> deltas_through_time(W=[[0.5]], Z=[[0.0], [0.0], [0.0]], delta_T=[1.0])
    array([1.  , 0.5 , 0.25])
    """
    Z = real_array("Z", Z)
    if Z.ndim not in (2, 3) or len(Z) == 0:
        raise ValueError(
            f"Z should be of shape (T, m) or (T, n, m) with T from 1 on, but it is {describe(Z)}"
        )
    W = real_array("W", W, (Z.shape[-1], Z.shape[-1]))
    delta = real_array("delta_T", delta_T, Z.shape[1:])
    with np.errstate(over="ignore", invalid="ignore"):
        norms = [np.linalg.norm(delta)]
        for slope in tanh_grad(Z[:-1])[::-1]:
            delta = slope * (delta @ W.T)
            norms.append(np.linalg.norm(delta))
    return np.array(norms)


def _chain(weights: Sequence[ArrayLike], least: int = 1) -> list[Float]:
    """Check weight matrices that follow each other."""
    if not isinstance(weights, (list, tuple, np.ndarray)):
        raise ValueError(f"weights should be a list of one matrix a layer, but it is {describe(weights)}")
    if len(weights) < least:
        raise ValueError("weights should hold at least one matrix, but it is empty")
    matrices = [real_array(f"weights[{i}]", W, ("d_in", "d_out")) for i, W in enumerate(weights)]
    for i in range(len(matrices) - 1):
        same_length(f"weights[{i}]", matrices[i], f"weights[{i + 1}]", matrices[i + 1], axis_a=1, axis_b=0)
    return matrices


def layer_gradient_norms(
    X: ArrayLike, weights: Sequence[ArrayLike], phi: Function, dphi: Function, delta_out: ArrayLike
) -> Float:
    """Norm of the gradient of each weight matrix of a deep network without biases.

    ``Z_l = H_{l−1} W_l`` with ``H_0 = X`` and ``H_l = φ(Z_l)``; the last layer is affine, so that the error signal
    there is the one of the scores. Back: ``δ_l = φ′(Z_l) ∘ (δ_{l+1} W_{l+1}ᵀ)``, and the gradient of ``W_l`` is
    ``H_{l−1}ᵀ δ_l``.

    ``X`` (n, d) has one example a row, ``weights`` are (d, m_1), (m_1, m_2), …, at least one, ``phi`` and
    ``dphi`` elementwise functions of the pre-activations, ``delta_out`` (n, m_L) is the error signal at the last
    ones. Returns (L,), Frobenius norms, the first layer first; infinite or NaN where the signals explode.

    Slide "Vanishing and Exploding Gradient Problem"; Glorot, Bengio (2010), section 4.2.

    Ten sigmoid units in a row: each passes on less than a quarter of the error signal.

    >>> from fnnkit.activations import sigmoid, sigmoid_grad
    >>> norms = layer_gradient_norms([[1.0]], [[[1.0]]] * 10, sigmoid, sigmoid_grad, [[1.0]])
    >>> bool(norms[1] < norms[-1] * 0.25**8)
    True
    """
    X, matrices = real_array("X", X, ("n", "d")), _chain(weights)
    same_length("X", X, "weights[0]", matrices[0], axis_a=1, axis_b=0)
    H, Z = [X], []
    delta = real_array("delta_out", delta_out, (len(X), matrices[-1].shape[1]))
    norms = np.empty(len(matrices))
    with np.errstate(over="ignore", invalid="ignore"):
        for W in matrices[:-1]:
            Z.append(H[-1] @ W)
            H.append(phi(Z[-1]))
        for l in reversed(range(len(matrices))):
            norms[l] = np.linalg.norm(H[l].T @ delta)
            if l > 0:
                delta = dphi(Z[l - 1]) * (delta @ matrices[l].T)
    return norms


def network_jacobian(x: ArrayLike, weights: Sequence[ArrayLike], phi: Function, dphi: Function) -> Float:
    """Derivative of the last hidden layer of a deep network with respect to its input, at one input.

    ``J = ∏ W_l diag(φ′(z_l))``: a product of as many matrices as there are layers. Its singular values say which
    small changes of the input survive, and which error signals on their way back.

    ``x`` (d,) is one input, ``weights`` are (d, m_1), (m_1, m_2), …, at least one; φ follows each of them, the
    last too, and ``phi`` and ``dphi`` are elementwise. Returns (d, m_L): entry (i, j) is the derivative of output
    j by input i.

    Slide "Vanishing and Exploding Gradient Problem"; Saxe, McClelland, Ganguli (2014), section 3.

    >>> network_jacobian([2.0], [[[3.0]], [[0.5]]], phi=lambda z: z**2, dphi=lambda z: 2 * z)
    array([[648.]])
    """
    matrices = _chain(weights)
    h = real_array("x", x, (matrices[0].shape[0],))
    J = np.eye(len(h))
    for W in matrices:
        z = h @ W
        h, J = phi(z), J @ W * dphi(z)
    return J


def jacobian_bound(weights: Sequence[ArrayLike], gamma: float) -> float:
    """Upper bound of the norm of a product of Jacobians, ``∏ γ ‖W_l‖₂``.

    If ``|φ′| ≤ γ`` (1 for tanh and ReLU, ¼ for the sigmoid), no error signal grows by more, whatever the input.

    ``weights`` are matrices that fit each other; of none the bound is 1. ``gamma`` is the largest slope, γ.

    Slide "Vanishing and Exploding Gradient Problem"; Pascanu, Mikolov, Bengio (2013), section 2.2.

    >>> jacobian_bound([[[3.0, 0.0], [0.0, 1.0]], [[2.0], [0.0]]], gamma=0.5)
    1.5
    """
    gamma, bound = _at_least_zero("gamma", gamma), 1.0
    for i, W in enumerate(_chain(weights, least=0)):
        if not np.isfinite(W).all():
            raise ValueError(f"weights[{i}] should be finite, but an entry is infinite or NaN")
        bound *= gamma * (float(np.linalg.norm(W, 2)) if W.size else 0.0)
    return bound
