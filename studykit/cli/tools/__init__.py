"""Commands for the glossary, demos, models, the site and this machine."""
