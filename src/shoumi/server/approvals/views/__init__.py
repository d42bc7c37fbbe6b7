"""The pages of approvals: what waits for me, one request, and who stands in for whom."""
