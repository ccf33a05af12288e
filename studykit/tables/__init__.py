"""Language data compiled once and read in place, how often words occur, and data files of other packages."""
