"""The Slack platform: renderings, forms, flows and trips through the playground."""
