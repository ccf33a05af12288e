"""Speech: recognisers, diarizers, and audio input."""
