"""Publications that nobody wrote, as many and as long as one likes, to try search and lists at their real size."""
