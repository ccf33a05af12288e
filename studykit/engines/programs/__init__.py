"""Other people's programs and services: browser, ffmpeg, Anki, yt-dlp."""
