"""What a teacher prints: for the class room and for each lesson, made from the model."""
