"""What leaves the product on paper or as a file. Plain rows and columns come in."""
