"""What operators see: the record of a request, and those who are told when it ends."""
