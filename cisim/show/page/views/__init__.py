"""What the page shows, as plain data: what is asked and finished arrays in, words out."""
