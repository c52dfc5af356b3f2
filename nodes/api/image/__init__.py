"""Pictures for the program that asked for them."""
