"""Who an identity provider says works here: SCIM 2.0 in, persons and cases of people out."""
