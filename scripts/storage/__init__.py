"""Where data is kept: from one storage to another, and small files into large ones."""
