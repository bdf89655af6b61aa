"""What is looked at: the address of the page, and what a visitor does as the next address."""
