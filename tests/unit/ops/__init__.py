"""The set-up behind the script `docent`."""
