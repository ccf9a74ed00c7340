"""“Can the rollout go on?”: what it asks, counts and says."""
