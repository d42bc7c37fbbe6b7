"""The register of trade secrets: proposed, reviewed, approved, filed, changed, declassified."""
