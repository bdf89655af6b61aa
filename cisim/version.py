"""The version, which results and saved runs carry."""

__version__ = "0.2.0"
