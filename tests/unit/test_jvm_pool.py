"""When JVMs are started, shared, waited for and given up, with JVMs that are only played."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from services.spark import pool as pools
from services.spark.settings import Settings


class PlayedJvm:
    """Starts at once, leaves nothing behind, and is as full after a collection as `full` says."""

    full = 0.1
    started: list[PlayedJvm]

    def __init__(self, settings, environment):
        self.jobs, self.idle_since, self.is_settled = 0, time.monotonic(), False
        self.process, self.is_discarded = self, False
        type(self).started.append(self)

    def is_alive(self):
        return not self.is_discarded

    def wait_until_ready(self):
        pass

    def left_behind(self):
        return None

    def settle(self):
        return self.full

    def discard(self):
        self.is_discarded = True


@pytest.fixture
def jvms(monkeypatch):
    """Those that were started, in their order."""
    monkeypatch.setattr(PlayedJvm, "started", [], raising=False)
    monkeypatch.setattr(pools, "Jvm", PlayedJvm)
    monkeypatch.setattr(pools, "warmed", lambda jvm, *_: jvm.wait_until_ready())
    return PlayedJvm.started


@pytest.fixture
def pool(jvms, monkeypatch, tmp_path):
    def started(cores=2, **settings):
        monkeypatch.setattr(pools, "_cores", lambda: cores)
        for name, value in {"LAKE_DIR": tmp_path, "SPARK_WARM_DRIVERS": 0, **settings}.items():
            monkeypatch.setenv(name, str(value))
        return pools.Pool(Settings.from_env(), {}, lambda: None)

    return started


def run_job(pool):
    """The JVM that a job ran in."""
    jvm = pool.take(lambda: False)
    jvm.jobs += 1
    pool.give_back(jvm)
    until(lambda: pool.idle == 1 or jvm.is_discarded)
    return jvm


def taken_aside(pool) -> Future:
    """What another job gets, which asks for it in a thread of its own."""
    threads = ThreadPoolExecutor(1)
    found = threads.submit(pool.take, lambda: False)
    threads.shutdown(wait=False)
    return found


def until(is_so, seconds=10):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.01)


def test_a_jvm_is_replaced_after_the_number_of_jobs_of_the_settings(pool, jvms):
    jobs = pool(SPARK_JVM_JOBS=2)
    ran_in = [run_job(jobs) for _ in range(3)]
    assert ran_in == [jvms[0], jvms[0], jvms[1]]
    assert [jvm.is_discarded for jvm in jvms] == [True, False]


@pytest.mark.parametrize(("full", "is_replaced"), [(0.6, True), (0.4, False)])
def test_a_jvm_goes_when_its_heap_stays_full_after_a_collection(
    pool, jvms, monkeypatch, full, is_replaced
):
    monkeypatch.setattr(pools, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(PlayedJvm, "full", full)
    jobs = pool()
    first = run_job(jobs)
    until(lambda: first.is_settled and (first.is_discarded or jobs.idle == 1))
    assert first.is_discarded == is_replaced
    assert run_job(jobs) is jvms[int(is_replaced)]


def test_jvms_beyond_the_first_are_given_up_when_they_have_idled(pool, jvms):
    jobs = pool(cores=8, SPARK_WARM_DRIVERS=1, SPARK_JVM_IDLE_SECONDS=0.5)
    both = [jobs.take(lambda: False) for _ in range(2)]
    for jvm in both:
        jobs.give_back(jvm)
    until(lambda: jobs.idle == 2)
    until(lambda: jobs.idle == 1)
    time.sleep(1)
    assert jobs.idle == 1
    assert sorted(jvm.is_discarded for jvm in jvms) == [False, True]


def test_without_cores_for_a_second_jvm_a_job_waits_for_the_one_at_work(pool, jvms):
    jobs = pool(cores=2)
    at_work = jobs.take(lambda: False)
    waiting = taken_aside(jobs)
    time.sleep(0.5)
    assert (waiting.done(), len(jvms)) == (False, 1)
    jobs.give_back(at_work)
    assert waiting.result(10) is at_work
    assert len(jvms) == 1


def test_a_job_waits_no_longer_for_it_than_a_new_jvm_would_take(pool, jvms, monkeypatch):
    monkeypatch.setattr(pools, "WAIT_SECONDS", 0.5)
    jobs, began = pool(cores=2), time.monotonic()
    at_work = jobs.take(lambda: False)
    assert taken_aside(jobs).result(10) is not at_work
    assert time.monotonic() - began > 0.5


@pytest.mark.parametrize("more", [{"cores": 4}, {"SPARK_MASTER": "spark://spark-master:7077"}])
def test_with_cores_to_spare_a_second_job_gets_a_jvm_at_once(pool, jvms, more):
    jobs = pool(**more)
    at_work = jobs.take(lambda: False)
    assert taken_aside(jobs).result(10) is not at_work


def test_a_job_that_is_given_up_waits_no_longer(pool, jvms):
    jobs = pool(cores=2)
    jobs.take(lambda: False)
    given_up = threading.Timer(0.2, lambda: None)
    given_up.start()
    with pytest.raises(pools.GivenUpError):
        jobs.take(lambda: not given_up.is_alive())
    assert len(jvms) == 1
