"""What people may ask of their data: to see it, to have it erased, put right, or left alone."""
