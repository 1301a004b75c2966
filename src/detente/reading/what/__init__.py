"""What is reported: moves with their sides and aspect, statements, standing facts."""
