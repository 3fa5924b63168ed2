"""What `kernel.explain()` returns: a kernel explained, in a terminal or as a page."""
