"""The Intelligent Operations Centre: what judges, keeps and shows a province's data."""

__version__ = "0.1.0"
