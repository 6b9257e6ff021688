"""A mail server that keeps what it is given and sends nothing on."""

import email
import socketserver
import threading

HOST = "127.0.0.1"


class _Conversation(socketserver.StreamRequestHandler):
    """Enough of SMTP for Django's mail backend."""

    timeout = 30

    def handle(self):
        self.say("220 postbox")
        recipients = []
        while line := self.rfile.readline():
            command = line.decode("latin-1").strip()
            verb = command.split(":")[0].split()[0].upper() if command else ""
            if verb == "RCPT":
                recipients.append(command.partition("<")[2].partition(">")[0])
            if verb == "DATA":
                self.say("354 go on")
                self.server.keep(recipients, self.content())
                recipients = []
            if verb == "QUIT":
                self.say("221 bye")
                return
            self.say("250 postbox" if verb in {"EHLO", "HELO"} else "250 ok")

    def content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def say(self, line: str):
        self.wfile.write(line.encode() + b"\r\n")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, mails):
        super().__init__((HOST, port), _Conversation)
        self.mails = mails

    def keep(self, recipients, content: bytes):
        message_id = email.message_from_bytes(content)["Message-ID"]
        self.mails.extend((recipient, message_id) for recipient in recipients)


class Postbox:
    """``mails``: ``(recipient, Message-ID)`` of everything that came, over all openings."""

    def __init__(self, port: int):
        self.port = port
        self.mails: list[tuple[str, str]] = []
        self.listener = None

    def open(self) -> None:
        self.listener = _Listener(self.port, self.mails)
        threading.Thread(target=self.listener.serve_forever, args=[0.05], name="postbox", daemon=True).start()

    def close(self) -> None:
        """From here on nobody answers: connections are refused."""
        if self.listener:
            self.listener.shutdown()
            self.listener.server_close()
            self.listener = None
