"""LocalStack leaves a socket open when its configuration is imported; that is not these tests'."""

from __future__ import annotations

import gc
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    import localstack.config
    import localstack.utils.bootstrap  # noqa: F401

    gc.collect()
