"""Digital signatures: keys and certificates of this installation, PAdES signatures, their validation."""
