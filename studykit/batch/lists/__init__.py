"""What a batch is given: manifests, playlists and folders become lists of jobs."""
