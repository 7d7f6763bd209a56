"""Patches of LocalStack's faults, a module for each; each names the fault that it mends.

They are applied by localstack.utils.patch when the service is loaded, which is before anything can
hold what they replace. tests/unit/test_*_patches.py tells which faults LocalStack no longer has.
"""
