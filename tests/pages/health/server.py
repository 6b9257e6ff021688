"""A server of the test's own, on this machine, that answers as it is told and writes down what it was asked."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Elsewhere:
    """``answers``: ``{(method, path): (status, headers)}``; a method of ``*`` stands for any. Not found otherwise."""

    def __init__(self):
        self.answers, self.asked, self.agents, self.robots = {}, [], set(), None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _handler(elsewhere):
        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                elsewhere.agents.add(self.headers["User-Agent"])
                if self.path == "/robots.txt":
                    return self.send(*(elsewhere.robots or (404, {}, b"")))
                elsewhere.asked.append((self.command, self.path))
                found = elsewhere.answers.get((self.command, self.path)) or elsewhere.answers.get(("*", self.path)) or (404, {})
                if found == "close":
                    return self.connection.close()
                if callable(found):
                    return found(self)
                return self.send(*found)

            def send(self, status, headers, body=b""):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = answer

            def log_message(self, *args):
                """Nothing is printed."""

        return Handler


@contextmanager
def running():
    elsewhere = Elsewhere()
    thread = threading.Thread(target=elsewhere.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield elsewhere
    finally:
        elsewhere.server.shutdown()
        elsewhere.server.server_close()
        thread.join()
