"""What is shipped beside the package: the board, the image, the compose file."""
