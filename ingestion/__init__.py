"""Everything that writes raw tables: sources, their contracts, and the pipeline that lands them."""
