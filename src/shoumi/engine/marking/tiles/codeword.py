"""From a 48-bit copy id to the 210 code bits that a tile carries, and back from soft bits.

Source: CRC-16/CCITT-FALSE (ITU-T V.41 polynomial), and the rate 1/3 convolutional code of constraint length 7
with the generators 133, 171, 165 (octal) that 3GPP TS 36.212, 5.1.3.1 names, here ended with six zero bits
and decoded after Viterbi.  `docs/formats/traceable-copy.md` describes every bit.  Knows nothing of pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

ID_BITS: Final = 48
CHECK_BITS: Final = 16
PAYLOAD_BITS: Final = ID_BITS + CHECK_BITS
MEMORY: Final = 6  # bits of the past that a code bit depends on; as many zeros end the payload
GENERATORS: Final = (0o133, 0o171, 0o165)
CODE_BITS: Final = (PAYLOAD_BITS + MEMORY) * len(GENERATORS)

_STATES: Final = 1 << MEMORY
_CRC_POLYNOMIAL: Final = 0x1021
_CRC_START: Final = 0xFFFF
_BLOCK: Final = 20_000  # ids encoded at a time, so that memory stays small

Soft = NDArray[np.float64]  # one number per code bit, above zero for a 1, its size the confidence
Signs = NDArray[np.int8]  # code bits as +1 (bit 1) and -1 (bit 0)


def encode(copy_id: int) -> Signs:
    """Return the code bits of a copy id, as signs.

    Raises:
        ValueError: it does not fit into 48 bits.
    """
    if not 0 <= copy_id < 1 << ID_BITS:
        raise ValueError("a copy id has 48 bits")
    code: Signs = encode_many([copy_id])[0]
    return code


def encode_many(copy_ids: Sequence[int]) -> NDArray[np.int8]:
    """Return the code bits of many ids at once, one row each; the code is affine over GF(2)."""
    matrix, offset = _affine()
    ids = np.asarray(copy_ids, dtype=np.uint64)
    rows = np.empty((len(ids), CODE_BITS), dtype=np.int8)
    shifts = np.arange(ID_BITS - 1, -1, -1, dtype=np.uint64)
    for begin in range(0, len(ids), _BLOCK):
        block = ids[begin : begin + _BLOCK, None]
        bits = ((block >> shifts) & np.uint64(1)).astype(np.float32)
        code = (np.rint(bits @ matrix).astype(np.int64) + offset) & 1
        rows[begin : begin + _BLOCK] = code * 2 - 1
    return rows


def decode(soft: Soft) -> int | None:
    """Return the copy id on the most likely path, or None when its check does not hold."""
    payload = _viterbi(soft)
    copy_id = payload >> CHECK_BITS
    return copy_id if check_of(copy_id) == payload & 0xFFFF else None


def check_of(copy_id: int) -> int:
    """Return the CRC-16 over the six bytes of the id, most significant first."""
    return crc16(copy_id.to_bytes(ID_BITS // 8, "big"))


def crc16(content: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE."""
    crc = _CRC_START
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ _CRC_POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _code_bits(copy_id: int) -> list[int]:
    """Return the code bits the slow way, bit by bit; the matrix is made from it."""
    payload = copy_id << CHECK_BITS | check_of(copy_id)
    register, code = 0, []
    for position in range(PAYLOAD_BITS + MEMORY):
        left = PAYLOAD_BITS - 1 - position
        register = (register << 1 | (payload >> left & 1 if left >= 0 else 0)) & (2 * _STATES - 1)
        code += [(register & generator).bit_count() & 1 for generator in GENERATORS]
    return code


@cache
def _affine() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    offset = np.array(_code_bits(0), dtype=np.int64)
    rows = [np.array(_code_bits(1 << bit), dtype=np.int64) ^ offset for bit in range(ID_BITS - 1, -1, -1)]
    return np.array(rows, dtype=np.float32), offset


@cache
def _branches() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, for each state reached, its two predecessors and the signs sent on the way from each."""
    before = np.empty((_STATES, 2), dtype=np.int64)
    signs = np.empty((_STATES, 2, len(GENERATORS)))
    for state in range(_STATES):
        for choice in range(2):
            register = state | choice << MEMORY  # the oldest bit is the one that leaves
            before[state, choice] = register >> 1
            signs[state, choice] = [2 * ((register & each).bit_count() & 1) - 1 for each in GENERATORS]
    return before, signs


def _viterbi(soft: Soft) -> int:
    """Return the payload whose code bits agree best with the soft bits."""
    before, signs = _branches()
    metric = np.full(_STATES, -np.inf)
    metric[0] = 0.0
    steps = soft.reshape(-1, len(GENERATORS))
    choices = np.empty((len(steps), _STATES), dtype=np.int64)
    for position, received in enumerate(steps):
        arriving = metric[before] + signs @ received
        if position >= PAYLOAD_BITS:
            arriving[1::2] = -np.inf  # the ending sends zeros only
        choices[position] = arriving.argmax(axis=1)
        metric = arriving.max(axis=1)
    state, payload = 0, 0
    for position in range(len(steps) - 1, -1, -1):
        if position < PAYLOAD_BITS:
            payload |= (state & 1) << (PAYLOAD_BITS - 1 - position)
        state = int(before[state, choices[position, state]])
    return payload
