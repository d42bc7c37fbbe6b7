"""Recognises identifiers, credentials and markings: `Recogniser.load().findings(parts)`.

`entries` reads the packs; `stretch` joins parts into arrays; `codes`, `network`, `expressions`, `named` and
`markings` find; `context` weighs; `recogniser` settles overlaps and builds findings.
"""

from shoumi.engine.inspection.recognise.entries import Catalogue, Kind, load_catalogue
from shoumi.engine.inspection.recognise.recogniser import MOST, Recogniser

__all__ = ["MOST", "Catalogue", "Kind", "Recogniser", "load_catalogue"]
