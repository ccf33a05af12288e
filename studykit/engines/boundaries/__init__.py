"""What finds where sentences end in English without marks, and where paragraphs end."""
