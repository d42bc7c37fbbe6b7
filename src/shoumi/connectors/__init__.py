"""We call others: time-stamp authorities, key stores and directories."""
