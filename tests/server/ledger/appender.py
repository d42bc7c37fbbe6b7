"""A program that appends under load, for tests that kill it: forks workers on demand, each with threads.

Reads commands, one a line: `start THREADS COUNT` (COUNT 0: until killed).  Writes `worker PID`, then for
every entry that was committed `ack INDEX SUBJECT`, and `ended PID STATUS`, each in one write.  Django is
loaded once, before forking.
"""

from __future__ import annotations

import os
import sys
import threading

import django
from django.conf import settings


def work(threads, count):
    """Append in `threads` threads, each `count` times, while another thread keeps signing."""
    from django.db import connection

    from shoumi.server.ledger.checkpoints import checkpoint_make

    done = threading.Event()

    def sign():
        while not done.wait(0.02):
            checkpoint_make()
        connection.close()

    signer = threading.Thread(target=sign)
    signer.start()
    workers = [threading.Thread(target=append_all, args=(number, count)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done.set()
    signer.join()


def append_all(thread, count):
    """One thread: single entries, batches, and transactions that are rolled back."""
    from django.db import connection, transaction

    from shoumi.server.ledger.services import Record, append_many
    from shoumi.server.ledger.tags import LedgerTag

    number = 0
    while not count or number < count:
        number += 1
        size = 5 if number % 7 == 0 else 1
        name = f"load:{os.getpid()}-{thread}-{number}"
        records = [
            Record(LedgerTag.LEDGER_EVIDENCE_MADE, "system:load", f"{name}-{part}", {"part": part})
            for part in range(size)
        ]
        with transaction.atomic():
            numbers = append_many(records)
            if number % 5 == 0:
                transaction.set_rollback(True)
        if number % 5:
            acks = zip(numbers, records, strict=True)
            lines = "".join(f"ack {index} {record.subject}\n" for index, record in acks)
            os.write(1, lines.encode())
    connection.close()


def main():
    """Fork workers until the input ends."""
    django.setup()
    settings.SHOUMI_LEDGER_DIRECTORY = sys.argv[1]
    for line in sys.stdin:
        _, threads, count = line.split()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                work(int(threads), int(count))
                status = 0
            finally:
                os._exit(status)
        os.write(1, f"worker {child}\n".encode())
        threading.Thread(target=lambda pid=child: report(pid), daemon=True).start()


def report(child):
    """Say how a worker ended, and leave no zombie."""
    _, status = os.waitpid(child, 0)
    os.write(1, f"ended {child} {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
