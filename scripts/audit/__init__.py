"""`cdi audit`: what a file or a loaded source holds, and what is to be mended."""
