"""From a reply to what a platform shows."""
