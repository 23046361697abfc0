"""What figures are made with: live pictures, controls, films, and words in the place of errors."""
