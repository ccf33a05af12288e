"""``python -m studykit``."""

from studykit.cli.main import main

if __name__ == "__main__":
    main()
