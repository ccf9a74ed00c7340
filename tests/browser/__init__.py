"""The main job, done in a real browser as a person does it."""
