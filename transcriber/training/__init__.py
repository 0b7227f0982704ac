"""Text that we write to train the model of names, and the training itself."""
