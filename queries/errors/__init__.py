"""“What fails?”: what it asks, counts and says."""
