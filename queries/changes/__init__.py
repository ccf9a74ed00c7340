"""“What changed around then?”: what it asks, counts and says."""
