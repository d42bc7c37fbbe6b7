"""Forms of places: shapes of what people send; whether it may be done is the services' matter."""
