"""A small SMTP server on loopback that keeps what it receives; it can be told to refuse.

Speaks as much of RFC 5321 as a client needs to deliver: EHLO, MAIL, RCPT, DATA, RSET, QUIT.
"""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self


class SMTPSink:
    """Use as a context manager: `with SMTPSink() as sink:` listens on `sink.port`."""

    def __init__(self, refuse_recipients: int = 0, refuse_data: int = 0) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.refuse_recipients = refuse_recipients  # SMTP code to answer RCPT with, 0 to accept
        self.refuse_data = refuse_data
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"220 sink.example.com ESMTP\r\n")
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            if verb == b"RCPT" and not self.refuse_recipients:
                self.recipients.append(line.decode().split("<")[1].split(">")[0])
            writer.write(await self._answer(verb, reader, writer))
            await writer.drain()
        writer.close()

    async def _answer(self, verb: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        if verb == b"EHLO":
            return b"250-sink.example.com\r\n250 8BITMIME\r\n"
        if verb == b"RCPT" and self.refuse_recipients:
            return f"{self.refuse_recipients} not here\r\n".encode()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            content = await reader.readuntil(b"\r\n.\r\n")
            if self.refuse_data:
                return f"{self.refuse_data} not now\r\n".encode()
            self.messages.append(message_from_bytes(content[:-5], policy=policy.default))
        return b"250 fine\r\n"
