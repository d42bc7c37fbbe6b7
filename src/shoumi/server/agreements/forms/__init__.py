"""Forms of agreements: preparing them part by part, signing, recording and refusing."""
