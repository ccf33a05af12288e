"""What a learner should study of a talk's English: found, ranked, explained."""
