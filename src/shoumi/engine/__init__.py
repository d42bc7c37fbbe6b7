"""What is true: pure Python without framework, socket, process or database.

Everything here can be run, and checked, by a stranger who has only this folder.
"""
