"""The teacher's kit: what is printed for the class room and for each lesson, made from the model."""
