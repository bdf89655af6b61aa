"""How results are seen: charts, the report, the page."""
