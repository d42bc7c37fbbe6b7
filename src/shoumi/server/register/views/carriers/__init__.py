"""Pages of carriers: lists, the carrier itself, handovers, marks, labels and rules."""
