"""Patches of LocalStack's faults, a module for each; each names the fault that it mends.

They are applied by localstack.utils.patch when the service is loaded, which is before anything can
hold what they replace. A test of tests/unit/patches/ fails once LocalStack no longer has the fault.
"""
