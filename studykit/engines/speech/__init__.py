"""Speech: recognisers, speakers, and the sound they hear."""
