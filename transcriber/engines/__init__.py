"""Third-party models and codecs behind the protocols of the stages; one file each."""
