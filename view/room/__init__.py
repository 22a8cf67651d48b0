"""The class room: one log, three screens, a scheme that a class plays together. No Streamlit."""
