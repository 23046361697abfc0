"""The four points of XOR, as several exercises of chapter 1 ask about them."""

from __future__ import annotations

import numpy as np

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


XOR_Y = np.array([0.0, 1.0, 1.0, 0.0])
