"""What an operator sees of the running service: its requests as they are answered, log lines in JSON, and metrics.

Watches from outside: nothing that answers a request waits for what is here, or knows it.
"""
