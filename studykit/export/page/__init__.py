"""Notes as pages to read: contexts for templates, labels, links."""
