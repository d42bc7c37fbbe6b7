"""What can be done with operations on secrets: ask, decide, carry out, take back, witness, close.

Other parts of the register that put a repair or a scrapping to approval call `requests.operation_draft`,
`requests.operation_save` and `requests.operation_submit`, and read the operation's state.
"""
