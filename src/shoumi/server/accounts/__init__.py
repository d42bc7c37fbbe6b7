"""Sign-in, roles, sessions, and the one gate where permissions are checked."""
