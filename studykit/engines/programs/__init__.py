"""External programs and services: browser, ffmpeg, Anki, yt-dlp."""
