"""Faults on purpose: killed processes, full disks, many writers, inputs that nobody would write.

``pytest -m faults`` takes minutes, ``pytest -m faults --faults 20`` tries twenty times as much. Each test
prints what it counted (``-s`` shows it). docs/reliability.md says what the product promises on these grounds.
"""
