"""Writers: notes as files, the site, downloads from a link."""
