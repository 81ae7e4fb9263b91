"""The version of this package, which is that of the server it came from."""

__version__ = "0.1.0"
