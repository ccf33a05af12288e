"""The Chinese that fits an item: from the translation, from our lists, from dictionaries."""
