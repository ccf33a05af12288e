"""Bytes to text: encodings, and text that a wrong encoding has damaged."""
