"""What all unit tests need before they are collected."""

from __future__ import annotations

import gc
import warnings

import hypothesis

# How long a case takes says how busy the machine is.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

# LocalStack leaves a socket open when its configuration is imported.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    import localstack.config
    import localstack.utils.bootstrap  # noqa: F401

    gc.collect()
