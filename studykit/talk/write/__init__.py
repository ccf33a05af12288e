"""Ways out: notes into files, the site, what is behind a link."""
