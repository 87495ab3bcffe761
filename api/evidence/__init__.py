"""Evidence: the normalised texts of articles, the spans that point into them, and what may be shown of both."""
