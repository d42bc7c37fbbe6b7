"""What is collected about persons: the register, who was told and agreed, who looked, who asks."""
