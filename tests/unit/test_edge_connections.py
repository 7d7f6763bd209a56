"""The edge's server ends while a request goes on."""

from __future__ import annotations

import socket
import threading

from cheroot.wsgi import Server

from services.edge.http.connections import Connection


def test_a_server_that_is_stopped_cuts_off_a_request_that_goes_on():
    begun, may_end = threading.Event(), threading.Event()

    def slow(_environ, start_response):
        begun.set()
        may_end.wait(20)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    server = Server(("127.0.0.1", 0), slow, numthreads=1, shutdown_timeout=0.1)
    server.ConnectionClass = Connection
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    with socket.create_connection(server.bind_addr) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert begun.wait(10)
        threading.Timer(0.5, may_end.set).start()
        server.requests.stop(timeout=0.1)
        assert client.recv(1) == b"H"
