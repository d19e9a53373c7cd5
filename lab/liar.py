#!/usr/bin/env python3
"""Resolvers on loopback that misbehave, one address a way; each answers UDP and TCP on port 53.

    liar.py PIDFILE


    127.53.0.240  refuses every question
    127.53.0.241  never answers
    127.53.0.242  answers with garbage
    127.53.0.243  answers another question than was asked
    127.53.0.244  answers every question with an alias to itself, through another name
    127.53.0.245  has a TXT record of nearly 64 kB at every name (over TCP; UDP says truncated)
    127.53.0.246  fails on every question (SERVFAIL)
    127.53.0.247  cuts every answer short in the middle
    127.53.0.248  claims an answer of 65,535 records and carries one
"""
import asyncio
import os
import pathlib
import signal
import struct
import sys

QUERY_HEADER = struct.Struct("!6H")
RESPONSE, TRUNCATED, RECURSION = 0x8000, 0x0200, 0x0080
TXT, CNAME = 16, 5


def question_end(query: bytes) -> int:
    at = QUERY_HEADER.size
    while query[at] != 0:
        at += query[at] + 1
    return at + 5


def reply(query: bytes, flags: int, answers: list[bytes], count: int | None = None) -> bytes:
    ident = QUERY_HEADER.unpack_from(query)[0]
    end = question_end(query)
    header = QUERY_HEADER.pack(ident, RESPONSE | RECURSION | 0x0100 | flags, 1,
                               len(answers) if count is None else count, 0, 0)
    return header + query[QUERY_HEADER.size:end] + b"".join(answers)


def record(kind: int, data: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def refuse(query: bytes, tcp: bool) -> bytes | None:
    return reply(query, 5, [])


def silent(query: bytes, tcp: bool) -> bytes | None:
    return None


def garbage(query: bytes, tcp: bool) -> bytes | None:
    return query[:2] + bytes((n * 37 + 11) % 256 for n in range(200))


def other_question(query: bytes, tcp: bool) -> bytes | None:
    end = question_end(query)
    other = query[:12] + b"\x05other\x07example\x00" + query[end - 4:end]
    return reply(other, 0, [record(TXT, b"\x05hello")])


def alias_loop(query: bytes, tcp: bool) -> bytes | None:
    asked = query[12:question_end(query) - 4]
    there = b"\x04loop\x07example\x00"
    return reply(query, 0, [record(CNAME, there), record(CNAME, asked, there)])


def huge_text(query: bytes, tcp: bool) -> bytes | None:
    kind = struct.unpack_from("!H", query, question_end(query) - 4)[0]
    if kind != TXT:
        return reply(query, 0, [])
    if not tcp:
        return reply(query, TRUNCATED, [])
    return reply(query, 0, [record(TXT, (b"\xff" + b"v" * 255) * 255)])


def fail(query: bytes, tcp: bool) -> bytes | None:
    return reply(query, 2, [])


def cut_short(query: bytes, tcp: bool) -> bytes | None:
    return reply(query, 0, [record(TXT, b"\x20" + b"x" * 32)])[:-20]


def overcount(query: bytes, tcp: bool) -> bytes | None:
    return reply(query, 0, [record(TXT, b"\x05hello")], 65535)


WAYS = {240: refuse, 241: silent, 242: garbage, 243: other_question, 244: alias_loop, 245: huge_text, 246: fail,
        247: cut_short, 248: overcount}


class Udp(asyncio.DatagramProtocol):
    def __init__(self, way) -> None:
        self.way = way

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        if (out := self.way(data, False)) is not None:
            self.transport.sendto(out, addr)


def serve_tcp(way):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                size = struct.unpack("!H", await reader.readexactly(2))[0]
                out = way(await reader.readexactly(size), True)
                if out is not None:
                    writer.write(struct.pack("!H", len(out)) + out)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
    return serve


async def main(pid_file: str) -> None:
    loop = asyncio.get_running_loop()
    for last, way in WAYS.items():
        address = (f"127.53.0.{last}", 53)
        await loop.create_datagram_endpoint(lambda way=way: Udp(way), local_addr=address)
        await asyncio.start_server(serve_tcp(way), *address)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    pathlib.Path(pid_file).write_text(f"{os.getpid()}\n")
    await stop.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
