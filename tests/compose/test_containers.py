"""How the containers are made: small, without privileges, reachable from this machine only."""

from __future__ import annotations

import pytest
import requests

from tests.support.compose_stack import SERVICES
from tests.support.time_spent import note

BUDGETS = {"edge": 700e6, "spark": 900e6, "dashboard": 700e6}


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_is_within_its_budget(stack, service):
    size = stack.image_bytes(service)
    note(f"image {service}: {size / 1e6:.0f} MB of {BUDGETS[service] / 1e6:.0f}")
    assert size <= BUDGETS[service]


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_has_no_more_rights_than_it_needs(stack, service):
    found = stack.container(service).attrs
    host = found["HostConfig"]
    assert found["Config"]["User"] == "10001:10001"
    assert host["ReadonlyRootfs"] and not host["Privileged"]
    assert host["CapDrop"] == ["ALL"] and not host["CapAdd"]
    assert host["Memory"] > 0
    assert {mount["Type"] for mount in found["Mounts"]} <= {"volume"}


@pytest.mark.parametrize("service", SERVICES)
def test_ports_are_published_on_this_machine_only(stack, service):
    published = stack.container(service).attrs["HostConfig"]["PortBindings"]
    addresses = {one["HostIp"] for bindings in published.values() for one in bindings}
    assert addresses == {"127.0.0.1"}
    assert len(published) == 1  # and no other, which something of the user's may have


def test_the_dashboard_is_served(stack):
    assert "<title>Streamlit</title>" in requests.get(stack.dashboard_url, timeout=10).text


def test_status_tells_of_each_container(stack):
    kind, *lines = stack.lake("status").splitlines()
    assert kind.startswith(f"Stack      containers, data in the volumes {stack.project}_edge")
    assert {line.split()[0]: line.split()[1] for line in lines} == {
        "bootstrap": "exited",
        "dashboard": "healthy",
        "edge": "healthy",
        "spark": "healthy",
    }


def test_the_edge_and_the_spark_service_share_a_token_that_no_other_container_has(stack):
    ports = stack.container("spark").attrs["Config"]["Env"]
    port = next(word.partition("=")[2] for word in ports if word.startswith("SPARK_PORT="))
    ask = f"""
import urllib.error, urllib.request
try:
    print(urllib.request.urlopen("http://spark:{port}/runs", timeout=10).status)
except urllib.error.HTTPError as refused:
    print(refused.code)
"""
    code, output = stack.container("dashboard").exec_run(["python", "-c", ask])
    assert (code, output.strip()) == (0, b"401")
    modes = ["stat", "--format", "%a %u", "/secrets", "/secrets/spark.token", "/data"]
    for service in ("edge", "spark"):
        _, output = stack.container(service).exec_run(modes)
        assert output.split() == [b"700", b"10001", b"600", b"10001", b"700", b"10001"]
    holding = {
        service
        for service in SERVICES
        for mount in stack.container(service).attrs["Mounts"]
        if mount["Destination"] == "/secrets"
    }
    assert holding == {"edge", "spark"}
