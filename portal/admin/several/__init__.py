"""What is done to several records of a list at once: change them, publish or withdraw them, take a change back."""
