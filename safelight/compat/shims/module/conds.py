"""`comfy.conds`: values of a conditioning that are put into one batch."""

from __future__ import annotations

from typing import Any

import torch


class CONDRegular:
    def __init__(self, cond: Any) -> None:
        self.cond = cond

    def _copy_with(self, cond: Any) -> Any:
        return type(self)(cond)

    def process_cond(self, batch_size: int, **more: Any) -> Any:
        from safelight.compat.shims.module.tensor import repeat_to_batch_size

        return self._copy_with(repeat_to_batch_size(self.cond, batch_size))

    def can_concat(self, other: Any) -> bool:
        return bool(self.cond.shape == other.cond.shape)

    def concat(self, others: Any) -> Any:
        return torch.cat([self.cond, *(one.cond for one in others)])

    def size(self) -> list[int]:
        return list(self.cond.size())


class CONDNoiseShape(CONDRegular):
    pass


class CONDCrossAttn(CONDRegular):
    pass


class CONDConstant(CONDRegular):
    def process_cond(self, batch_size: int, **more: Any) -> Any:
        return self._copy_with(self.cond)

    def can_concat(self, other: Any) -> bool:
        return bool(self.cond == other.cond)

    def concat(self, others: Any) -> Any:
        return self.cond

    def size(self) -> list[int]:
        return [1]


class CONDList(CONDRegular):
    pass
