"""“What did predictions do to the business?”: what it asks, counts and says."""
