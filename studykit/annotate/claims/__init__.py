"""What a talk holds to be true: statements with the quotes that carry them."""

from studykit.annotate.claims.find import ClaimOptions, find_claims, gists, notable_claims

__all__ = ["ClaimOptions", "find_claims", "gists", "notable_claims"]
