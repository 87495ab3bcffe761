"""Putting load on servers: the service, the hello-world beside it, what is asked of them, who writes meanwhile, and what is found."""
