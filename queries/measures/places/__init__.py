"""Parts of the requests: by one column or two, which stand out, and what explains a change."""
