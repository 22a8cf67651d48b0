"""The page Teach: lessons for one, and the ways to the class room and to what is printed."""
